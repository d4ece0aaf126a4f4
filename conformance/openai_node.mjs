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
  async filesAndBatches() {
    const rows = [0, 1].map((i) => JSON.stringify({ custom_id: `r${i}`, method: 'POST', url: '/v1/chat/completions', body: { model, messages, max_completion_tokens: 8 } }));
    const file = await client.files.create({ file: await OpenAI.toFile(Buffer.from(`${rows.join('\n')}\n`), 'data.jsonl'), purpose: 'batch' });
    assert.equal((await client.files.retrieve(file.id)).filename, 'data.jsonl');
    let batch = await client.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    while (batch.status === 'in_progress' || batch.status === 'finalizing') {
      await new Promise((resolve) => { setTimeout(resolve, 500); });
      batch = await client.batches.retrieve(batch.id);
    }
    assert.equal(batch.request_counts.completed, 2);
    const output = await (await client.files.content(batch.output_file_id)).text();
    assert.deepEqual(output.trim().split('\n').map((line) => JSON.parse(line).custom_id), ['r0', 'r1']);
    assert((await client.files.delete(file.id)).deleted);
  },
  async fineTuning() {
    const rows = Array.from({ length: 12 }, (_, i) => JSON.stringify({ messages: [{ role: 'user', content: `${i}` }, { role: 'assistant', content: 'ab' }] }));
    const file = await client.files.create({ file: await OpenAI.toFile(Buffer.from(rows.join('\n')), 'data.jsonl'), purpose: 'fine-tune' });
    const job = await client.fineTuning.jobs.create({ model, training_file: file.id, method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 50 } } } });
    const events = [];
    for await (const event of client.fineTuning.jobs.listEvents(job.id)) events.push(event.message);
    assert(events.some((message) => message.includes('12 examples')));
    await client.fineTuning.jobs.cancel(job.id);
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
