#include "config.h"
#include "wire/bobbin-nebelus-server.h"

#include "util/bobbin-error.h"

#include <string.h>

static void
test_types (void)
{
  static const struct { const char *frame; BobbinNebelusMessageType type; } frames[] = {
    { "{\"type\":\"chat\",\"content\":\"\"}", BOBBIN_NEBELUS_MESSAGE_CHAT },
    { "{\"type\":\"cancel\"}", BOBBIN_NEBELUS_MESSAGE_CANCEL },
    { "{\"type\":\"ping\",\"x\":1}", BOBBIN_NEBELUS_MESSAGE_PING },
    { "{\"type\":\"interrupt_resume\",\"decisions\":[]}", BOBBIN_NEBELUS_MESSAGE_RESUME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr(BobbinNebelusMessage) message = bobbin_nebelus_message_new_from_frame (frames[i].frame, -1, NULL);

      g_assert_nonnull (message);
      g_assert_cmpint (message->type, ==, frames[i].type);
    }
}

static void
test_bad (void)
{
  static const char *const frames[] = { "", "x", "[]", "{}", "{\"type\":7}", "{\"type\":\"other\"}",
                                        "{\"type\":\"chat\"}",
                                        "{\"type\":\"chat\",\"content\":{}}",
                                          "{\"type\":\"interrupt_resume\",\"decisions\":{}}" };
  static const char *const bodies[] = { "", "x", "[]", "{}", "{\"messages\":{}}", "{\"messages\":[]}",
                                        "{\"messages\":[7]}",
                                        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}]}",
                                          "{\"messages\":[{\"role\":\"user\"}]}" };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (bobbin_nebelus_message_new_from_frame (frames[i], -1, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (bobbin_nebelus_message_new_from_body (bodies[i], -1, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
    }
}

static void
test_nothing (void)
{
  g_assert_null (bobbin_nebelus_message_new_from_body (NULL, 0, NULL));
  g_assert_null (bobbin_nebelus_message_new_from_frame (NULL, 0, NULL));
}

static void
test_body (void)
{
  g_autoptr(BobbinNebelusMessage) message = bobbin_nebelus_message_new_from_body (
    "{\"session_id\":\"s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"one\"},"
    "{\"role\":\"assistant\",\"content\":\"two\"},"
    "{\"role\":\"user\",\"content\":\"three\"},7]}", -1, NULL);

  g_assert_cmpstr (message->text, ==, "three");
  g_assert_cmpstr (message->thread_id, ==, "s");
  g_assert_true (message->stream);
}

static void
test_answers (void)
{
  g_autoptr(BobbinNebelusMessage) message = bobbin_nebelus_message_new_from_frame (
    "{\"type\":\"interrupt_resume\",\"return_timing\":true,\"decisions\":[{\"type\":\"edit\","
    "\"modified_args\":{\"a\":1}},7,"
    "{\"node_name\":\"n\",\"approved\":false},{\"approved\":true},{\"type\":[]}]}", -1, NULL);
  const BobbinNebelusAnswer *answer;

  g_assert_true (message->return_timing);
  g_assert_cmpuint (message->answers->len, ==, 4);
  answer = g_ptr_array_index (message->answers, 0);
  g_assert_cmpstr (answer->type, ==, "edit");
  g_assert_cmpstr (answer->arguments, ==, "{\"a\":1}");
  g_assert_cmpint (answer->approved, ==, -1);
  answer = g_ptr_array_index (message->answers, 1);
  g_assert_cmpstr (answer->node_name, ==, "n");
  g_assert_cmpint (answer->approved, ==, 0);
  answer = g_ptr_array_index (message->answers, 2);
  g_assert_cmpint (answer->approved, ==, 1);
  answer = g_ptr_array_index (message->answers, 3);
  g_assert_null (answer->type);
}

/* Only plain base64, whole and padded, is a file. */
static void
test_files (void)
{
  static const struct { const char *data; gssize size; } files[] = {
    { "\"YWJj\"", 3 }, { "\"YQ==\"", 1 }, { "\"\"", 0 },     { "\"YQ\"", -1 },   { "\"YW Jj\"", -1 },
    { "7", -1 },       { "null", -1 },    { "\"Y*==\"", -1 }, { "\"data:x/y;base64,YWJj\"", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *frame = g_strdup_printf ("{\"type\":\"chat\",\"content\":\"x\","
                                                "\"metadata\":{\"attachments\":[7,{\"data\":%s}]}}", files[i].data);
      g_autoptr(BobbinNebelusMessage) message = bobbin_nebelus_message_new_from_frame (frame, -1, NULL);
      const BobbinNebelusFile *file = g_ptr_array_index (message->files, 0);

      g_assert_cmpuint (message->files->len, ==, 1);
      g_assert_cmpint (file->bytes != NULL ? (gssize) g_bytes_get_size (file->bytes) : -1, ==, files[i].size);
      g_assert_true ((file->sha256 != NULL) == (file->bytes != NULL));
      g_assert_cmpstr (file->name, ==, "unnamed");
    }
}

static void
test_framing (void)
{
  g_autofree char *frame = bobbin_nebelus_encode_frame ("pong", "{\"a\":1}");
  g_autofree char *block = bobbin_nebelus_encode_sse_block ("pong", "{\"a\":1}");

  g_assert_cmpstr (frame, ==, "{\"event\":\"pong\",\"data\":{\"a\":1}}");
  g_assert_cmpstr (block, ==, "event: pong\ndata: {\"a\":1}\n\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nebelus-server/types", test_types);
  g_test_add_func ("/wire/nebelus-server/bad", test_bad);
  g_test_add_func ("/wire/nebelus-server/nothing", test_nothing);
  g_test_add_func ("/wire/nebelus-server/body", test_body);
  g_test_add_func ("/wire/nebelus-server/answers", test_answers);
  g_test_add_func ("/wire/nebelus-server/files", test_files);
  g_test_add_func ("/wire/nebelus-server/framing", test_framing);

  return g_test_run ();
}
