// The openai package's own calls for threads, messages and runs against our Assistants test server: what it accepts and what it
// makes of the streams keeps the server honest. TAP on stdout. argv: base URL, key.
import assert from 'node:assert/strict';
import http from 'node:http';
import OpenAI, { toFile } from 'openai';

const [baseURL, apiKey] = process.argv.slice(2);
// A connection each: with Node.js 18 what the package fetches with takes a connection that stays for one cut off.
const httpAgent = new http.Agent({ keepAlive: false });
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, httpAgent });
const { assistants, threads } = client.beta;
const assistant_id = 'asst_kitchen';
const cases = [];
const check = (name, run) => cases.push([name, run]);
const user = (content, more = {}) => ({ role: 'user', content, ...more });
const thread = async (...messages) => (await threads.create({ messages })).id;
const text = (message) => message.content[0].text.value;

check('assistants: list by pages, retrieve, create, update, delete', async () => {
  const ids = [];
  for await (const found of assistants.list({ limit: 10 })) ids.push(found.id);
  assert.equal(ids.length, 32);
  assert.equal(new Set(ids).size, 32);
  assert.equal((await assistants.retrieve(assistant_id)).name, 'Kitchen guide');
  const made = await assistants.create({ model: 'gpt-4o', name: 'Made' });
  assert.equal((await assistants.update(made.id, { name: 'Renamed' })).name, 'Renamed');
  assert.equal((await assistants.del(made.id)).deleted, true);
});

check('threads: create with first messages, retrieve, update, delete', async () => {
  const made = await threads.create({ messages: [user('one'), { role: 'assistant', content: 'two' }], metadata: { title: 'x' } });
  assert.deepEqual((await threads.retrieve(made.id)).metadata, { title: 'x' });
  assert.deepEqual((await threads.update(made.id, { metadata: { title: 'y' } })).metadata, { title: 'y' });
  const listed = await threads.messages.list(made.id, { order: 'asc' });
  assert.deepEqual(listed.data.map(text), ['one', 'two']);
  assert.equal((await threads.del(made.id)).deleted, true);
  await assert.rejects(threads.retrieve(made.id), OpenAI.NotFoundError);
});

check('messages: create, list by cursors, retrieve, update, delete', async () => {
  const id = await thread();
  for (let i = 0; i < 7; i++) await threads.messages.create(id, user(`message ${i}`));
  const found = [];
  for await (const message of threads.messages.list(id, { limit: 3 })) found.push(text(message));
  assert.deepEqual(found, [6, 5, 4, 3, 2, 1, 0].map((i) => `message ${i}`));
  const first = (await threads.messages.list(id, { limit: 1, order: 'asc' })).data[0];
  assert.equal((await threads.messages.retrieve(id, first.id)).id, first.id);
  assert.deepEqual((await threads.messages.update(id, first.id, { metadata: { a: 'b' } })).metadata, { a: 'b' });
  assert.equal((await threads.messages.del(id, first.id)).deleted, true);
});

check('runs: create and poll, list, retrieve, update, steps', async () => {
  const id = await thread(user('run code'));
  const run = await threads.runs.createAndPoll(id, { assistant_id }, { pollIntervalMs: 20 });
  assert.equal(run.status, 'completed');
  assert.ok(run.usage.total_tokens > 0);
  assert.deepEqual((await threads.runs.update(id, run.id, { metadata: { a: 'b' } })).metadata, { a: 'b' });
  assert.equal((await threads.runs.list(id)).data[0].id, run.id);
  const steps = (await threads.runs.steps.list(id, run.id, { order: 'asc' })).data;
  assert.deepEqual(steps.map((s) => s.type), ['tool_calls', 'message_creation']);
  const [call] = steps[0].step_details.tool_calls;
  assert.equal(call.code_interpreter.outputs[0].logs, '3.141592653589793\n');
  assert.equal((await threads.runs.steps.retrieve(id, run.id, steps[0].id)).id, steps[0].id);
  const image = await client.files.content(call.code_interpreter.outputs[1].image.file_id);
  assert.deepEqual([...new Uint8Array(await image.arrayBuffer()).slice(1, 4)], [...Buffer.from('PNG')]);
});

check('runs: the stream, event by event', async () => {
  const id = await thread(user('hello there'));
  const seen = [];
  let told = '';
  const stream = threads.runs.stream(id, { assistant_id })
    .on('event', (event) => seen.push(event.event))
    .on('textDelta', (delta) => { told += delta.value; });
  const [message] = await stream.finalMessages();
  assert.equal(told, 'You said: hello there');
  assert.equal(text(message), told);
  assert.equal((await stream.finalRun()).status, 'completed');
  assert.equal((await stream.finalRunSteps())[0].type, 'message_creation');
  assert.deepEqual([...new Set(seen)], [
    'thread.run.created', 'thread.run.queued', 'thread.run.in_progress', 'thread.run.step.created', 'thread.run.step.in_progress',
    'thread.message.created', 'thread.message.in_progress', 'thread.message.delta', 'thread.message.completed',
    'thread.run.step.completed', 'thread.run.completed']);
});

check('runs: a raw stream ends by itself', async () => {
  const id = await thread(user('two messages'));
  const found = [];
  for await (const event of await threads.runs.create(id, { assistant_id, stream: true }))
    if (event.event === 'thread.message.completed') found.push(text(event.data));
  assert.deepEqual(found, ['First, sharpen.', 'Second, polish.']);
});

check('runs: thread and run at once', async () => {
  const stream = threads.createAndRunStream({ assistant_id, thread: { messages: [user('hello')] } });
  assert.equal(text((await stream.finalMessages())[0]), 'You said: hello');
  const run = await threads.createAndRunPoll({ assistant_id, thread: { messages: [user('hello')] } }, { pollIntervalMs: 20 });
  assert.equal(run.status, 'completed');
});

check('runs: tool outputs, streamed', async () => {
  const id = await thread(user('two tools'));
  let argued = '';
  const stream = threads.runs.stream(id, { assistant_id })
    .on('toolCallDelta', (delta) => { argued += delta.function?.arguments ?? ''; });
  const run = await stream.finalRun();
  assert.equal(run.status, 'requires_action');
  assert.equal(argued, '{"grit":1000}{"grit":1000,"currency":"EUR"}');
  const calls = run.required_action.submit_tool_outputs.tool_calls;
  const tool_outputs = calls.map((call, i) => ({ tool_call_id: call.id, output: `output ${i}` }));
  await assert.rejects(threads.runs.submitToolOutputs(id, run.id, { tool_outputs: tool_outputs.slice(1) }), OpenAI.BadRequestError);
  const rest = threads.runs.submitToolOutputsStream(id, run.id, { tool_outputs });
  assert.equal(text((await rest.finalMessages())[0]), 'The shop says output 0 and output 1.');
});

check('runs: tool outputs, polled', async () => {
  const id = await thread(user('use a tool'));
  const run = await threads.runs.createAndPoll(id, { assistant_id }, { pollIntervalMs: 20 });
  const [call] = run.required_action.submit_tool_outputs.tool_calls;
  const done = await threads.runs.submitToolOutputsAndPoll(id, run.id, { tool_outputs: [{ tool_call_id: call.id, output: '3' }] },
    { pollIntervalMs: 20 });
  assert.equal(done.status, 'completed');
});

check('runs: cancel, and busy meanwhile', async () => {
  const id = await thread(user('be slow'));
  const run = await threads.runs.create(id, { assistant_id });
  await assert.rejects(threads.messages.create(id, user('more')), /while a run run_\w+ is active/);
  await assert.rejects(threads.runs.create(id, { assistant_id }), /already has an active run/);
  await threads.runs.cancel(id, run.id);
  const over = await threads.runs.poll(id, run.id, { pollIntervalMs: 20 });
  assert.equal(over.status, 'cancelled');
  await assert.rejects(threads.runs.cancel(id, run.id), /Cannot cancel run with status/);
});

check('runs: failed, incomplete, expired', async () => {
  for (const [words, status] of [['fail', 'failed'], ['cut off', 'incomplete'], ['expire', 'expired']]) {
    const run = await threads.runs.createAndPoll(await thread(user(words)), { assistant_id }, { pollIntervalMs: 20 });
    assert.equal(run.status, status);
  }
  const stream = threads.runs.stream(await thread(user('error please')), { assistant_id });
  await assert.rejects(stream.done());
});

check('files: upload, attach, cite, delete', async () => {
  const file = await client.files.create({ purpose: 'assistants', file: await toFile(Buffer.from('Start with 1000 grit.'), 'grit "1".txt') });
  assert.equal(file.bytes, 21);
  assert.equal((await client.files.retrieve(file.id)).purpose, 'assistants');
  await assert.rejects(client.files.content(file.id), OpenAI.BadRequestError);
  const attachments = [{ file_id: file.id, tools: [{ type: 'file_search' }] }];
  const id = await thread(user('search the files', { attachments }));
  const stream = threads.runs.stream(id, { assistant_id });
  const [message] = await stream.finalMessages();
  const [note] = message.content[0].text.annotations;
  assert.equal(note.file_citation.file_id, file.id);
  assert.ok(text(message).includes(note.text));
  const image = await client.files.create({ purpose: 'vision', file: await toFile(Buffer.from('PNG'), 'a.png') });
  await threads.messages.create(id, user([{ type: 'text', text: 'see' }, { type: 'image_file', image_file: { file_id: image.id } }]));
  const names = [];
  for await (const found of client.files.list({ purpose: 'vision' })) names.push(found.filename);
  assert.deepEqual(names, ['a.png']);
  assert.equal((await client.files.del(file.id)).deleted, true);
});

check('refusals: key, header, field, limit, metadata', async () => {
  const stranger = new OpenAI({ baseURL, apiKey: 'sk-wrong', maxRetries: 0 });
  await assert.rejects(stranger.beta.assistants.list(), OpenAI.AuthenticationError);
  await assert.rejects(client.get('/assistants'), /OpenAI-Beta/);
  await assert.rejects(client.get('/threads', { headers: { 'OpenAI-Beta': 'assistants=v2' } }), { code: 'missing_scope' });
  await assert.rejects(threads.create({ nonsense: 1 }), { code: 'unknown_parameter' });
  await assert.rejects(assistants.list({ limit: 101 }), OpenAI.BadRequestError);
  await assert.rejects(threads.create({ metadata: { k: 'v'.repeat(513) } }), OpenAI.BadRequestError);
  await assert.rejects(threads.create({ messages: [{ role: 'system', content: 'x' }] }), OpenAI.BadRequestError);
});

console.log('TAP version 13');
console.log(`1..${cases.length}`);
let failed = 0;
for (const [index, [name, run]] of cases.entries()) {
  try {
    await run();
    console.log(`ok ${index + 1} ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${index + 1} ${name}`);
    for (const line of String(error.stack ?? error).split('\n')) console.log(`# ${line}`);
  }
}
process.exit(failed ? 1 : 0);
