#include "config.h"
#include "wire/bobbin-nebelus-encoder.h"

#include "util/bobbin-json.h"
#include "wire/bobbin-nebelus-server.h"

#include <string.h>

/* The whole message of @chat with attachments "a" (YQ==) and "b" (YmI=), as one text. */
static char *
assemble (const BobbinNebelusChat *chat,
          gboolean                 sse)
{
  g_autofree char *prefix = sse ? bobbin_nebelus_encode_sse_prefix (chat) : bobbin_nebelus_encode_ws_prefix (chat);
  GString *out = g_string_new (prefix);

  for (guint i = 0; i < chat->n_attachments; i++)
    {
      g_autofree char *before = bobbin_nebelus_encode_attachment_prefix (i, i == 0 ? "q\"3.csv" : "ü.png",
                                                                         i == 0 ? "text/csv" : NULL);

      g_string_append (out, before);
      g_string_append (out, i == 0 ? "YQ==" : "YmI=");
      g_string_append (out, bobbin_nebelus_get_attachment_suffix ());
    }
  g_string_append (out, sse ? bobbin_nebelus_get_sse_suffix (chat) : bobbin_nebelus_get_ws_suffix (chat));

  return g_string_free (out, FALSE);
}

static void
test_chat (void)
{
  static const struct { BobbinNebelusChat chat; const char *ws; const char *sse; } chats[] = {
    { { "Hi \"you\"\n\\", NULL, 0, FALSE, FALSE, FALSE },
      "{\"type\":\"chat\",\"content\":\"Hi \\\"you\\\"\\n\\\\\"}",
      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi \\\"you\\\"\\n\\\\\"}]}" },
    { { "é🎉\x01", "t\"1", 0, TRUE, TRUE, TRUE },
      "{\"type\":\"chat\",\"content\":\"é🎉\\u0001\",\"return_context\":true,\"return_timing\":true,"
      "\"return_accumulated\":true}",
      "{\"thread_id\":\"t\\\"1\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"é🎉\\u0001\"}]}" },
    { { "x", NULL, 2, FALSE, FALSE, FALSE },
      "{\"type\":\"chat\",\"content\":\"x\",\"metadata\":{\"attachments\":[{\"name\":\"q\\\"3.csv\","
      "\"content_type\":\"text/csv\",\"data\":\"YQ==\"},"
      "{\"name\":\"ü.png\",\"content_type\":\"application/octet-stream\",\"data\":\"YmI=\"}]}}",
      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\","
      "\"metadata\":{\"attachments\":[{\"name\":\"q\\\"3.csv\","
      "\"content_type\":\"text/csv\",\"data\":\"YQ==\"},{\"name\":\"ü.png\","
      "\"content_type\":\"application/octet-stream\",\"data\":\"YmI=\"}]}}]}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (chats); i++)
    {
      g_autofree char *ws = assemble (&chats[i].chat, FALSE);
      g_autofree char *sse = assemble (&chats[i].chat, TRUE);

      g_assert_cmpstr (ws, ==, chats[i].ws);
      g_assert_cmpstr (sse, ==, chats[i].sse);
    }
}

/* Every byte, valid or not, comes out as JSON that says the same, or U+FFFD. */
static void
test_bytes (void)
{
  for (guint byte = 1; byte < 256; byte++)
    {
      char text[] = { 'a', (char) byte, 'b', '\0' };
      g_autofree char *valid = g_utf8_make_valid (text, -1);
      BobbinNebelusChat chat = { text, NULL, 0, FALSE, FALSE, FALSE };
      g_autofree char *json = assemble (&chat, FALSE);
      g_autoptr(JsonObject) object = bobbin_json_parse_object (json, -1, NULL);

      g_assert_true (g_utf8_validate (json, -1, NULL));
      g_assert_nonnull (object);
      g_assert_cmpstr (bobbin_json_get_string (object, "content"), ==, valid);
    }
}

/* What we send is what the server reads. */
static void
test_round_trip (void)
{
  BobbinNebelusChat chat = { "Look", "t1", 2, FALSE, TRUE, FALSE };

  for (guint sse = 0; sse < 2; sse++)
    {
      g_autofree char *json = assemble (&chat, sse);
      g_autoptr(GError) error = NULL;
      g_autoptr(BobbinNebelusMessage) message = sse ? bobbin_nebelus_message_new_from_body (json, -1, &error)
                                                    : bobbin_nebelus_message_new_from_frame (json, -1, &error);
      const BobbinNebelusFile *file;

      g_assert_no_error (error);
      g_assert_cmpint (message->type, ==, BOBBIN_NEBELUS_MESSAGE_CHAT);
      g_assert_cmpstr (message->text, ==, "Look");
      g_assert_cmpstr (message->thread_id, ==, sse ? "t1" : NULL);
      g_assert_true (message->stream == sse);
      g_assert_true (message->return_timing == !sse);
      g_assert_cmpuint (message->files->len, ==, 2);
      file = g_ptr_array_index (message->files, 1);
      g_assert_cmpstr (file->name, ==, "ü.png");
      g_assert_cmpmem (g_bytes_get_data (file->bytes, NULL), g_bytes_get_size (file->bytes), "bb", 2);
    }
}

static void
test_content (void)
{
  static const char *const names[] = { "a.csv", "b.png" };
  static const struct { const char *text; guint n; const char *content; } contents[] = {
    { "Hi", 2, "Hi" }, { "", 1, "Attached: a.csv" }, { " \n\t", 2, "Attached: a.csv, b.png" },
      { NULL, 0, "Attached:" }, { " x ", 0, " x " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *content = bobbin_nebelus_dup_content (contents[i].text, names, contents[i].n);

      g_assert_cmpstr (content, ==, contents[i].content);
    }
}

/* nebelus.md, section 8. */
static void
test_resume (void)
{
  static const char one[] = "{\"tools\":[{\"name\":\"a\",\"args\":{\"x\":1}}]}";
  static const char three[] = "{\"tools\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}";
  static const BobbinNebelusDecision approve = { BOBBIN_NEBELUS_APPROVE, NULL };
  static const BobbinNebelusDecision reject = { BOBBIN_NEBELUS_REJECT, NULL };
  static const BobbinNebelusDecision edit = { BOBBIN_NEBELUS_EDIT, "{\"x\": 2}" };
  static const BobbinNebelusDecision bad_edit = { BOBBIN_NEBELUS_EDIT, "[2" };
  static const BobbinNebelusDecision no_edit = { BOBBIN_NEBELUS_EDIT, NULL };
  const struct
  {
    const char *data;
    const char *node;
    BobbinNebelusDecision decisions[3];
    guint n;
    const char *expected;
  } resumes[] = {
    { one, NULL, { approve }, 1, "{\"type\":\"approve\"}" },
    { one, NULL, { reject }, 1, "{\"type\":\"reject\"}" },
    { one, NULL, { edit }, 1, "{\"type\":\"edit\",\"modified_args\":{\"x\":2}}" },
    { NULL, "n", { approve }, 1, "{\"node_name\":\"n\",\"approved\":true}" },
    { "{\"tools\":[]}", "n", { reject }, 1, "{\"node_name\":\"n\",\"approved\":false}" },
    { NULL, "n", { edit }, 1, "{\"node_name\":\"n\",\"approved\":true}" },
    { one, "n", { approve }, 1, "{\"type\":\"approve\",\"node_name\":\"n\",\"approved\":true}" },
    { one, "n", { edit }, 1,
      "{\"type\":\"edit\",\"modified_args\":{\"x\":2},\"node_name\":\"n\",\"approved\":true}" },
    { one, "n\"", { reject }, 1, "{\"type\":\"reject\",\"node_name\":\"n\\\"\",\"approved\":false}" },
    { NULL, NULL, { approve }, 1, "{\"type\":\"approve\"}" },
    { "{\"why\":1}", "", { edit }, 1, "{\"type\":\"edit\",\"modified_args\":{\"x\":2}}" },
    { "junk", NULL, { reject }, 1, "{\"type\":\"reject\"}" },
    { three, NULL, { approve, reject, edit }, 3,
      "{\"type\":\"approve\"},{\"type\":\"reject\"},{\"type\":\"edit\",\"modified_args\":{\"x\":2}}" },
    { three, NULL, { approve }, 1, "{\"type\":\"approve\"},{\"type\":\"approve\"},{\"type\":\"approve\"}" },
    { three, NULL, { reject }, 1, "{\"type\":\"reject\"},{\"type\":\"reject\"},{\"type\":\"reject\"}" },
    { three, NULL, { edit }, 1,
      "{\"type\":\"edit\",\"modified_args\":{\"x\":2}},{\"type\":\"approve\"},{\"type\":\"approve\"}" },
    /* nothing runs that nobody approved */
    { three, NULL, { approve, approve }, 2, "{\"type\":\"approve\"},{\"type\":\"approve\"},{\"type\":\"reject\"}" },
    { one, NULL, { approve }, 0, "{\"type\":\"reject\"}" },
    { one, NULL, { bad_edit }, 1, "{\"type\":\"reject\"}" },
    { one, "n", { no_edit }, 1, "{\"type\":\"reject\",\"node_name\":\"n\",\"approved\":false}" },
    { NULL, "n", { no_edit }, 1, "{\"node_name\":\"n\",\"approved\":false}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (resumes); i++)
    {
      g_autofree char *got = bobbin_nebelus_encode_resume (resumes[i].data, resumes[i].node,
                                                           resumes[i].decisions, resumes[i].n);
      g_autofree char *expected = g_strdup_printf ("{\"type\":\"interrupt_resume\",\"decisions\":[%s]}",
                                                   resumes[i].expected);

      g_assert_cmpstr (got, ==, expected);
    }
}

/* The client's side of the example session of the reference, as recorded. */
static void
test_recorded (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "nebelus", "session-ws-client.jsonl", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  BobbinNebelusChat first = { "Remind Acme about invoice 118", NULL, 0, FALSE, FALSE, FALSE };
  BobbinNebelusDecision approve = { BOBBIN_NEBELUS_APPROVE, NULL };
  g_autofree char *chat = assemble (&first, FALSE);
  g_autofree char *resume = bobbin_nebelus_encode_resume ("{\"tools\":[{\"name\":\"send_mail\",\"args\":{}}]}",
                                                          "send_mail", &approve, 1);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpstr (chat, ==, lines[0]);
  g_assert_cmpstr (resume, ==, lines[1]);
  g_assert_cmpstr (bobbin_nebelus_get_ping (), ==, lines[2]);
  g_assert_cmpstr (bobbin_nebelus_get_cancel (), ==, lines[4]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nebelus-encoder/chat", test_chat);
  g_test_add_func ("/wire/nebelus-encoder/bytes", test_bytes);
  g_test_add_func ("/wire/nebelus-encoder/round-trip", test_round_trip);
  g_test_add_func ("/wire/nebelus-encoder/content", test_content);
  g_test_add_func ("/wire/nebelus-encoder/resume", test_resume);
  g_test_add_func ("/wire/nebelus-encoder/recorded", test_recorded);

  return g_test_run ();
}
