"""The official Python client against a running service: python openai_python.py URL KEY MODEL [EMBEDDING_MODEL].

Checked with openai 3.57. With the tests' stub engine (model "stub") texts are compared, with a real model only their form.
Prints one line a check, and exits with 1 if one failed.
"""

import json
import sys
import time
import traceback

import openai
from openai import OpenAI

url, key, model, *rest = sys.argv[1:]
stub = model == "stub"
client = OpenAI(base_url=url + "/v1", api_key=key, max_retries=0)
checks = []


def check(function):
    checks.append(function)
    return function


def ask(text="echo one two", **more):
    more.setdefault("max_completion_tokens", 40)
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}], **more)


@check
def models_are_listed():
    assert model in [each.id for each in client.models.list()]
    assert client.models.retrieve(model).id == model


@check
def chat():
    answer = ask(n=2, logprobs=True, top_logprobs=1, seed=1, user="me", metadata={"a": "b"}, store=False)
    assert len(answer.choices) == 2 and answer.choices[1].index == 1
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.choices[0].logprobs.content[0].top_logprobs
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert not stub or answer.choices[0].message.content == "one two"


@check
def chat_streamed():
    text, last = "", None
    for chunk in ask(stream=True, stream_options={"include_usage": True}):
        last = chunk
        for choice in chunk.choices:
            text += choice.delta.content or ""
    assert last.choices == [] and last.usage.completion_tokens > 0
    assert not stub or text == "one two"
    assert all(chunk.usage is None for chunk in ask(stream=True))


# The client's helpers raise where an answer is cut, so these have tokens enough to end.
@check
def chat_with_the_streaming_helper():
    with client.chat.completions.stream(model=model, messages=[{"role": "user", "content": "echo hi"}], max_completion_tokens=200) as stream:
        for event in stream:
            pass
        assert stream.get_final_completion().choices[0].finish_reason in ("stop", "length")


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "enum": ["Rome", "Xi'an"]}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


@check
def a_required_tool_is_called():
    for choice in ("required", {"type": "function", "function": {"name": "weather"}}):
        if stub:
            continue  # its commands are of one line, and calls have three
        answer = ask("How is the weather?", tools=[WEATHER], tool_choice=choice, parallel_tool_calls=False, max_completion_tokens=150)
        assert answer.choices[0].finish_reason == "tool_calls"
        call = answer.choices[0].message.tool_calls[0]
        assert call.function.name == "weather" and '"city"' in call.function.arguments
        again = client.chat.completions.create(
            model=model,
            max_completion_tokens=10,
            messages=[
                {"role": "user", "content": "How is the weather?"},
                answer.choices[0].message,
                {"role": "tool", "tool_call_id": call.id, "content": "sunny"},
            ],
        )
        assert again.choices[0].message.role == "assistant"


@check
def tools_are_offered():
    answer = ask('echo <tool_call>{"name": "weather", "arguments": {"city": "Rome"}}</tool_call>', tools=[WEATHER], max_completion_tokens=200)
    assert not stub or answer.choices[0].message.tool_calls[0].function.arguments == '{"city":"Rome"}'
    calls = {}
    said = 'echo <tool_call>{"name": "weather", "arguments": {"city": "Rome"}}</tool_call>'
    for chunk in ask(said, tools=[WEATHER], stream=True, max_completion_tokens=200):
        for piece in chunk.choices[0].delta.tool_calls or []:
            calls.setdefault(piece.index, [piece.id, ""])[1] += piece.function.arguments or ""
    assert not stub or calls[0][0].startswith("call_") and calls[0][1] == '{"city":"Rome"}'


@check
def structured_output():
    from pydantic import BaseModel, Field

    class Point(BaseModel):
        x: int = Field(ge=0, le=99)

    answer = client.chat.completions.parse(
        model=model,
        messages=[{"role": "user", "content": 'echo Sure: {"x": 3}!'}],
        response_format=Point,
        max_completion_tokens=60,
    )
    assert isinstance(answer.choices[0].message.parsed, Point)


@check
def stored_completions():
    made = ask("echo kept", store=True, metadata={"topic": "conformance"})
    assert made.id in [each.id for each in client.chat.completions.list(metadata={"topic": "conformance"}, limit=1)]
    assert client.chat.completions.retrieve(made.id).choices[0].message.content == made.choices[0].message.content
    assert client.chat.completions.messages.list(made.id).data[0].content == "echo kept"
    assert client.chat.completions.update(made.id, metadata={"topic": "changed"}).metadata == {"topic": "changed"}
    assert client.chat.completions.delete(made.id).deleted
    try:
        client.chat.completions.retrieve(made.id)
        raise AssertionError("a deleted completion is found")
    except openai.NotFoundError:
        pass


@check
def completions():
    answer = client.completions.create(model=model, prompt=["echo a", "echo b"], echo=True, max_tokens=5, logprobs=None)
    assert [choice.index for choice in answer.choices] == [0, 1]
    assert answer.choices[0].text.startswith("echo a")
    assert "".join(chunk.choices[0].text for chunk in client.completions.create(model=model, prompt="echo ab", max_tokens=5, stream=True))


@check
def responses():
    first = client.responses.create(model=model, input="echo one", instructions="Be short.", max_output_tokens=30)
    assert first.status in ("completed", "incomplete") and (not stub or first.output_text == "one")
    second = client.responses.create(model=model, input="echo two", previous_response_id=first.id, max_output_tokens=30)
    assert client.responses.retrieve(second.id).previous_response_id == first.id
    assert client.responses.input_items.list(first.id).data[0].role == "user"
    client.responses.delete(first.id)
    try:
        client.responses.retrieve(first.id)
        raise AssertionError("it is still there")
    except openai.NotFoundError:
        pass


@check
def responses_with_log_probabilities():
    answer = client.responses.create(
        model=model, input="echo one", include=["message.output_text.logprobs"], top_logprobs=1, max_output_tokens=30
    )
    scores = answer.output[0].content[0].logprobs
    assert scores and all(score.logprob <= 0 and len(score.top_logprobs) <= 1 for score in scores)
    assert not stub or "".join(score.token for score in scores).startswith(answer.output_text)


@check
def responses_streamed():
    with client.responses.stream(model=model, input="echo hi", max_output_tokens=200) as stream:
        types = [event.type for event in stream]
        final = stream.get_final_response()
    assert types[0] == "response.created" and types[-1] in ("response.completed", "response.incomplete")
    assert "response.output_text.delta" in types
    assert not stub or final.output_text == "hi"


@check
def embeddings():
    if not rest:
        return
    answer = client.embeddings.create(model=rest[0], input=["bird", "a mynah"])
    assert len(answer.data) == 2 and abs(sum(x * x for x in answer.data[0].embedding) - 1) < 1e-4
    assert answer.usage.prompt_tokens > 0


def wait(read, over):
    while (state := read()).status not in over:
        time.sleep(0.5)
    return state


def upload(purpose, rows):
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return client.files.create(file=("data.jsonl", content), purpose=purpose)


@check
def files():
    made = upload("user_data", [{"a": 1}])
    assert made.bytes == 9 and made.status == "processed"
    assert client.files.retrieve(made.id).filename == "data.jsonl"
    assert client.files.content(made.id).read() == b'{"a": 1}\n'
    assert made.id in [each.id for each in client.files.list(limit=1, purpose="user_data")]
    assert client.files.delete(made.id).deleted
    try:
        client.files.retrieve(made.id)
        raise AssertionError("it is still there")
    except openai.NotFoundError:
        pass


@check
def uploads_in_parts():
    content = b'{"custom_id": "a"}\n' * 100
    begun = client.uploads.create(filename="a.jsonl", purpose="batch", bytes=len(content), mime_type="application/jsonl")
    parts = [client.uploads.parts.create(begun.id, data=content[at : at + 1000]).id for at in range(0, len(content), 1000)]
    done = client.uploads.complete(begun.id, part_ids=parts)
    assert done.status == "completed" and client.files.content(done.file.id).read() == content
    client.files.delete(done.file.id)
    assert client.uploads.upload_file_chunked(file=content, filename="b.jsonl", bytes=len(content), purpose="batch", mime_type="text/plain").status == "completed"
    begun = client.uploads.create(filename="a.jsonl", purpose="batch", bytes=1, mime_type="application/jsonl")
    assert client.uploads.cancel(begun.id).status == "cancelled"


@check
def batches():
    rows = [{"custom_id": f"r{i}", "method": "POST", "url": "/v1/chat/completions",
             "body": {"model": model if i else "nobody", "max_completion_tokens": 8, "messages": [{"role": "user", "content": f"echo {i}"}]}} for i in range(3)]
    made = client.batches.create(input_file_id=upload("batch", rows).id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"a": "b"})
    assert made.id in [each.id for each in client.batches.list(limit=2)]
    done = wait(lambda: client.batches.retrieve(made.id), ("completed", "failed", "expired", "cancelled"))
    assert done.status == "completed" and (done.request_counts.total, done.request_counts.completed, done.request_counts.failed) == (3, 2, 1)
    lines = [json.loads(line) for line in client.files.content(done.output_file_id).text.splitlines()]
    assert [line["custom_id"] for line in lines] == ["r1", "r2"] and lines[0]["response"]["body"]["choices"]
    assert json.loads(client.files.content(done.error_file_id).text)["response"]["status_code"] == 404


@check
def fine_tuning():
    rows = [{"messages": [{"role": "user", "content": str(i)}, {"role": "assistant", "content": "ab"}]} for i in range(12)]
    data = upload("fine-tune", rows)
    try:
        client.fine_tuning.jobs.create(model=model, training_file=upload("fine-tune", [{"messages": 1}]).id)
        raise AssertionError("it was taken")
    except openai.BadRequestError as e:
        assert "line 1" in e.body["message"] and e.param == "training_file"
    job = client.fine_tuning.jobs.create(
        model=model, training_file=data.id, validation_file=data.id, suffix="check", seed=1,
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": "auto"}}})
    assert job.status == "queued" and job.method.supervised.hyperparameters.n_epochs == 2
    assert job.id in [each.id for each in client.fine_tuning.jobs.list(limit=1)]
    done = wait(lambda: client.fine_tuning.jobs.retrieve(job.id), ("succeeded", "failed", "cancelled"))
    assert done.status == "succeeded" and done.trained_tokens > 0, done
    assert any(event.type == "metrics" for event in client.fine_tuning.jobs.list_events(job.id, limit=5))
    assert client.fine_tuning.jobs.checkpoints.list(job.id).data[0].step_number > 0
    assert client.files.content(done.result_files[0]).text.startswith("step,")
    answer = client.chat.completions.create(model=done.fine_tuned_model, messages=[{"role": "user", "content": "3"}], max_completion_tokens=5)
    assert answer.usage.completion_tokens > 0
    again = client.fine_tuning.jobs.create(model=model, training_file=data.id, hyperparameters={"n_epochs": 50})
    client.fine_tuning.jobs.cancel(again.id)
    assert wait(lambda: client.fine_tuning.jobs.retrieve(again.id), ("succeeded", "failed", "cancelled")).status == "cancelled"


@check
def errors():
    for error, call in {
        openai.NotFoundError: lambda: client.chat.completions.create(model="nobody", messages=[{"role": "user", "content": "x"}]),
        openai.BadRequestError: lambda: ask(extra_body={"colour": "red"}),
        openai.AuthenticationError: lambda: OpenAI(base_url=url + "/v1", api_key="wrong", max_retries=0).models.list(),
    }.items():
        try:
            call()
            raise AssertionError("no " + error.__name__)
        except error as e:
            assert e.body["message"] and e.type


failed = 0
for function in checks:
    try:
        function()
        print("ok  ", function.__name__)
    except Exception:
        failed += 1
        print("FAIL", function.__name__)
        traceback.print_exc()
sys.exit(1 if failed else 0)
