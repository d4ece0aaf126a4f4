// The official Node client against a running service: node openai_node.mjs URL KEY MODEL, in a folder with `npm install openai`.
// Checked with openai 6.49. Prints one line a check, and exits with 1 if one failed.
import OpenAI from 'openai';
import assert from 'node:assert/strict';

const [url, key, model] = process.argv.slice(2);
const stub = model === 'stub';
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const messages = [{ role: 'user', content: 'echo one two' }];
const WEATHER = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  },
};

const checks = {
  async models() {
    const ids = [];
    for await (const each of client.models.list()) ids.push(each.id);
    assert(ids.includes(model));
  },
  async chat() {
    const answer = await client.chat.completions.create({ model, messages, n: 2, max_completion_tokens: 30 });
    assert.equal(answer.choices.length, 2);
    if (stub) assert.equal(answer.choices[1].message.content, 'one two');
  },
  async chatStreamed() {
    let text = '';
    let last;
    for await (const chunk of await client.chat.completions.create({
      model, messages, stream: true, stream_options: { include_usage: true }, max_completion_tokens: 30,
    })) {
      last = chunk;
      text += chunk.choices[0]?.delta?.content ?? '';
    }
    assert.deepEqual(last.choices, []);
    assert(last.usage.completion_tokens > 0);
    if (stub) assert.equal(text, 'one two');
  },
  async streamingHelper() {
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'echo <tool_call>{"name": "weather", "arguments": {"city": "Rome"}}</tool_call>' }],
      tools: [WEATHER],
      max_completion_tokens: 100,
    });
    const final = await stream.finalChatCompletion();
    if (stub) assert.equal(final.choices[0].message.tool_calls[0].function.arguments, '{"city":"Rome"}');
  },
  async responses() {
    const answer = await client.responses.create({ model, input: 'echo hi', max_output_tokens: 30 });
    if (stub) assert.equal(answer.output_text, 'hi');
    const stream = client.responses.stream({ model, input: 'echo more', previous_response_id: answer.id, max_output_tokens: 30 });
    const final = await stream.finalResponse();
    assert.equal((await client.responses.retrieve(final.id)).previous_response_id, answer.id);
    await client.responses.delete(answer.id);
    await assert.rejects(client.responses.retrieve(answer.id), OpenAI.NotFoundError);
  },
  async errors() {
    await assert.rejects(client.chat.completions.create({ model, messages, colour: 'red' }), OpenAI.BadRequestError);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log('ok  ', name);
  } catch (e) {
    failed++;
    console.log('FAIL', name, e);
  }
}
process.exit(failed ? 1 : 0);
