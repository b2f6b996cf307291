#include "config.h"
#include "wire/bobbin-assistants-encoder.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <string.h>

static char *
message_text (const char                 *role,
              const char                 *text,
              const BobbinAssistantsFile *files,
              guint                       n_files)
{
  g_autoptr(JsonObject) message = bobbin_assistants_make_message (role, text, files, n_files);

  return bobbin_json_object_to_text (message, FALSE);
}

static void
test_messages (void)
{
  const BobbinAssistantsFile files[] = { { "file_1", FALSE, TRUE, FALSE }, { "file_2", FALSE, TRUE, TRUE }, { "file_3", TRUE, FALSE, FALSE } };
  g_autofree char *plain = message_text ("user", "Which grit first?", NULL, 0);
  g_autofree char *attached = message_text ("user", "Which grit first?", files, 2);
  g_autofree char *pictured = message_text ("user", "This one", files + 2, 1);
  g_autofree char *silent = message_text ("user", "", files + 2, 1);
  g_autofree char *invalid = message_text ("assistant", "a\xff", NULL, 0);

  g_assert_cmpstr (plain, ==, "{\"role\":\"user\",\"content\":\"Which grit first?\"}");
  g_assert_cmpstr (attached, ==,
                   "{\"role\":\"user\",\"content\":\"Which grit first?\",\"attachments\":[{\"file_id\":\"file_1\",\"tools\":[{\"type\":\"file_search\"}]},"
                   "{\"file_id\":\"file_2\",\"tools\":[{\"type\":\"file_search\"},{\"type\":\"code_interpreter\"}]}]}");
  g_assert_cmpstr (pictured, ==,
                   "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"This one\"},"
                   "{\"type\":\"image_file\",\"image_file\":{\"file_id\":\"file_3\",\"detail\":\"auto\"}}]}");
  g_assert_cmpstr (silent, ==,
                   "{\"role\":\"user\",\"content\":[{\"type\":\"image_file\",\"image_file\":{\"file_id\":\"file_3\",\"detail\":\"auto\"}}]}");
  g_assert_cmpstr (invalid, ==, "{\"role\":\"assistant\",\"content\":\"a\xef\xbf\xbd\"}");
}

static void
test_threads (void)
{
  g_autoptr(JsonArray) messages = json_array_new ();
  g_autofree char *bare = bobbin_assistants_encode_thread (NULL, messages);
  g_autofree char *long_title = g_strnfill (600, 'x');
  g_autofree char *titled = bobbin_assistants_encode_thread (long_title, NULL);
  g_autofree char *begun = NULL;

  json_array_add_object_element (messages, bobbin_assistants_make_message ("assistant", "Hello", NULL, 0));
  begun = bobbin_assistants_encode_thread ("Knives", messages);

  g_assert_cmpstr (bare, ==, "{}");
  g_assert_cmpstr (begun, ==, "{\"messages\":[{\"role\":\"assistant\",\"content\":\"Hello\"}],\"metadata\":{\"title\":\"Knives\"}}");
  g_assert_cmpuint (strlen (titled), ==, strlen ("{\"metadata\":{\"title\":\"\"}}") + 511 + strlen ("…"));
}

static void
test_runs (void)
{
  g_autoptr(JsonObject) options =
    bobbin_json_parse_object ("{\"model\":\"gpt-4o\",\"additional_instructions\":\"Be brief\",\"instructions\":\"\",\"temperature\":0.5,\"evil\":1}", -1, NULL);
  g_autofree char *plain = bobbin_assistants_encode_run ("asst_1", TRUE, NULL);
  g_autofree char *polled = bobbin_assistants_encode_run ("asst_1", FALSE, options);
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autoptr(GPtrArray) outputs = g_ptr_array_new ();
  g_autofree char *given = NULL;

  g_ptr_array_add (ids, "call_1");
  g_ptr_array_add (outputs, "{\"in_stock\":3}");
  given = bobbin_assistants_encode_outputs (ids, outputs, TRUE);

  g_assert_cmpstr (plain, ==, "{\"assistant_id\":\"asst_1\",\"stream\":true}");
  g_assert_cmpstr (polled, ==, "{\"assistant_id\":\"asst_1\",\"model\":\"gpt-4o\",\"additional_instructions\":\"Be brief\",\"temperature\":0.5}");
  g_assert_cmpstr (given, ==, "{\"tool_outputs\":[{\"tool_call_id\":\"call_1\",\"output\":\"{\\\"in_stock\\\":3}\"}],\"stream\":true}");
}

static char *
make_metadata (guint n_pairs,
               guint key_length,
               guint value_length)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *value = g_strnfill (value_length, 'v');

  for (guint i = 0; i < n_pairs; i++)
    {
      g_autofree char *filler = g_strnfill (key_length - 2, 'k');
      g_autofree char *key = g_strdup_printf ("%02u%s", i, filler);

      json_object_set_string_member (object, key, value);
    }

  return bobbin_json_object_to_text (object, FALSE);
}

static void
test_metadata (void)
{
  static const struct { guint pairs, key, value; gboolean taken; } limits[] = {
    { 16, 64, 512, TRUE }, { 17, 64, 512, FALSE }, { 1, 65, 1, FALSE }, { 1, 64, 513, FALSE }, { 0, 2, 0, TRUE },
  };
  g_autofree char *strings = bobbin_assistants_encode_metadata ("{\"a\":\"b\",\"n\":7,\"t\":true,\"o\":{\"x\":1},\"gone\":null}", NULL);
  g_autoptr(JsonObject) known = bobbin_json_parse_object ("{\"title\":\"old\",\"colour\":\"red\",\"n\":7}", -1, NULL);
  g_autofree char *renamed = bobbin_assistants_encode_title (known, "new", NULL);
  g_autofree char *first = bobbin_assistants_encode_title (NULL, "new", NULL);

  g_assert_cmpstr (strings, ==, "{\"metadata\":{\"a\":\"b\",\"n\":\"7\",\"t\":\"true\",\"o\":\"{\\\"x\\\":1}\"}}");
  g_assert_cmpstr (renamed, ==, "{\"metadata\":{\"title\":\"new\",\"colour\":\"red\",\"n\":\"7\"}}");
  g_assert_cmpstr (first, ==, "{\"metadata\":{\"title\":\"new\"}}");
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *metadata = make_metadata (limits[i].pairs, limits[i].key, limits[i].value);
      g_autoptr(GError) error = NULL;
      g_autofree char *body = bobbin_assistants_encode_metadata (metadata, &error);

      g_assert_cmpint (body != NULL, ==, limits[i].taken);
      if (!limits[i].taken)
        g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
    }
  g_assert_null (bobbin_assistants_encode_metadata ("[1]", NULL));
  g_assert_null (bobbin_assistants_encode_metadata ("{", NULL));
  json_node_unref (bobbin_json_parse (bobbin_assistants_get_metadata_schema (), -1, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/assistants-encoder/messages", test_messages);
  g_test_add_func ("/wire/assistants-encoder/threads", test_threads);
  g_test_add_func ("/wire/assistants-encoder/runs", test_runs);
  g_test_add_func ("/wire/assistants-encoder/metadata", test_metadata);

  return g_test_run ();
}
