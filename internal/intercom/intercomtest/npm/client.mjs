// Drives the sandbox with Intercom's own npm client and prints what it saw as one line of JSON, for npm_test.go.
// Arguments: base address, token, conversation id, admin id, the contact's own id, events' unix second.
import { IntercomClient, IntercomError, Intercom } from "intercom-client";

const [baseUrl, token, conversationId, adminId, userId, second] = process.argv.slice(2);
const client = new IntercomClient({ token, baseUrl, maxRetries: 0 });
const seen = {};

const me = await client.admins.identify();
seen.workspace = me.app.id_code;

seen.admins = (await client.admins.list()).admins.map((a) => a.name);

const conversation = await client.conversations.find({ conversation_id: conversationId });
seen.body = conversation.source.body;

const changed = await client.conversations.update({ conversation_id: conversationId, custom_attributes: { "Latest rating": 5 } });
seen.attribute = changed.custom_attributes["Latest rating"];

const noted = await client.conversations.reply({
  conversation_id: conversationId,
  body: { message_type: "note", type: "admin", admin_id: adminId, body: "<p>New rating: 5/5 😍</p>" },
});
seen.part = noted.conversation_parts.conversation_parts[0].part_type;

const closed = await client.conversations.manage({
  conversation_id: conversationId,
  body: { message_type: "close", type: "admin", admin_id: adminId },
});
seen.state = closed.state;

seen.found = [];
const page = await client.conversations.search({
  query: { operator: "AND", value: [{ field: "source.body", operator: "=", value: "paging" }] },
  pagination: { per_page: 2 },
});
for await (const c of page) seen.found.push(c.id);

await client.events.create({ event_name: "csat-rerated", created_at: Number(second), user_id: userId, metadata: { rating: 5 } });

const tag = await client.tags.create({ name: "rerated" });
await client.tags.tagConversation({ conversation_id: conversationId, id: tag.id, admin_id: adminId });

const contact = await client.contacts.find({ contact_id: conversation.contacts.contacts[0].id });
seen.contact = contact.external_id;

try {
  await client.conversations.find({ conversation_id: "1" });
} catch (err) {
  seen.notFound = err instanceof Intercom.NotFoundError && err.body.errors[0].code;
}
try {
  await new IntercomClient({ token: "wrong", baseUrl, maxRetries: 0 }).admins.identify();
} catch (err) {
  seen.unauthorized = err instanceof IntercomError && err.statusCode;
}

console.log(JSON.stringify(seen));
