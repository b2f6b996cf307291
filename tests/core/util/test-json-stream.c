#include "config.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json-stream.h"
#include "util/bobbin-json.h"

#include <string.h>

typedef struct
{
  const char *text;
  gsize       length;
  gsize       at;
  gsize       step; /* bytes a read */
} Source;

static gssize
read_source (gpointer  data,
             void     *buffer,
             gsize     length,
             GError  **error)
{
  Source *source = data;
  gsize n = MIN (MIN (length, source->step), source->length - source->at);

  memcpy (buffer, source->text + source->at, n);
  source->at += n;

  return (gssize) n;
}

/* All there is, in one line: members "name=", containers in brackets, values as they are. */
static gboolean
walk (BobbinJsonStream *stream,
      GString          *out,
      guint             depth,
      GError          **error)
{
  char c = bobbin_json_stream_peek (stream, error);
  int more;

  if (c == 0)
    return FALSE;
  if ((c == '{' || c == '[') && depth < 2)
    {
      char *name = NULL;

      if (!bobbin_json_stream_enter (stream, error))
        return FALSE;
      g_string_append_c (out, c);
      while ((more = bobbin_json_stream_next (stream, &name, error)) > 0)
        {
          g_string_append_printf (out, "%s=", name != NULL ? name : "");
          g_clear_pointer (&name, g_free);
          if (!walk (stream, out, depth + 1, error))
            return FALSE;
        }
      g_string_append_c (out, '.');
      return more == 0;
    }
  else
    {
      g_autoptr(JsonNode) node = bobbin_json_stream_take (stream, 1000, error);
      g_autofree char *text = node != NULL ? bobbin_json_to_text (node, FALSE) : NULL;

      g_string_append_printf (out, "%s ", text);
      return node != NULL;
    }
}

static const struct { const char *json; const char *walked; } cases[] = {
  { "[]", "[." },
  { " { } ", "{." },
  { "\xef\xbb\xbf[1]", "[=1 ." },
  { "[1, -2.5e3,true ,null\n,\"a,]\\\"b\"]", "[=1 =-2500.0 =true =null =\"a,]\\\"b\" ." },
  { "{\"a\":1,\"b\\u0041\" : {\"c\":[1,{\"d\":\"}]\"}]}}", "{a=1 bA={c=[1,{\"d\":\"}]\"}] .." },
  { "{\"messages\":[{\"x\":1},[2],\"\\\\\"],\"z\":\"end\"}", "{messages=[={\"x\":1} =[2] =\"\\\\\" .z=\"end\" ." },
};

static void
test_every_split (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize step = 1; step <= strlen (cases[i].json); step++)
      {
        Source source = { cases[i].json, strlen (cases[i].json), 0, step };
        g_autoptr(BobbinJsonStream) stream = bobbin_json_stream_new (read_source, &source);
        g_autoptr(GString) out = g_string_new (NULL);
        g_autoptr(GError) error = NULL;

        g_assert_true (walk (stream, out, 0, &error));
        g_assert_no_error (error);
        g_assert_cmpstr (out->str, ==, cases[i].walked);
      }
}

static void
test_mistakes (void)
{
  static const char *const wrong[] = {
    "", "   ", "[", "{", "[1", "[1,", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{a:1}", "{1:2}", "[\"a", "[\"a\\\"]", "[tru]", "[1,]", "[}",
    "[01x]", "{\"a\":1]", "[[1}]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      Source source = { wrong[i], strlen (wrong[i]), 0, 3 };
      g_autoptr(BobbinJsonStream) stream = bobbin_json_stream_new (read_source, &source);
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", wrong[i]);
      g_assert_false (walk (stream, out, 0, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
    }
}

static void
test_bounds (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *filler = g_strnfill (5000, 'x');
  g_autofree char *wide = g_strdup_printf ("[\"%s\", 7]", filler);
  Source source = { deep, strlen (deep), 0, 4096 };
  g_autoptr(BobbinJsonStream) stream = bobbin_json_stream_new (read_source, &source);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  g_assert_false (bobbin_json_stream_skip (stream, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL);
  g_clear_error (&error);
  bobbin_json_stream_free (stream);

  source = (Source) { wide, strlen (wide), 0, 4096 };
  stream = bobbin_json_stream_new (read_source, &source);
  g_assert_true (bobbin_json_stream_enter (stream, &error));
  g_assert_cmpint (bobbin_json_stream_next (stream, NULL, &error), ==, 1);
  node = bobbin_json_stream_take (stream, 4000, &error);
  g_assert_null (node);
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE);
  g_clear_error (&error);
  bobbin_json_stream_free (stream);

  /* What is passed over may be of any size. */
  source = (Source) { wide, strlen (wide), 0, 1 };
  stream = bobbin_json_stream_new (read_source, &source);
  g_assert_true (bobbin_json_stream_enter (stream, &error));
  g_assert_cmpint (bobbin_json_stream_next (stream, NULL, &error), ==, 1);
  g_assert_true (bobbin_json_stream_skip (stream, &error));
  g_assert_cmpint (bobbin_json_stream_next (stream, NULL, &error), ==, 1);
  node = bobbin_json_stream_take (stream, 10, &error);
  g_assert_cmpint (json_node_get_int (node), ==, 7);
  g_assert_cmpint (bobbin_json_stream_next (stream, NULL, &error), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-stream/every-split", test_every_split);
  g_test_add_func ("/json-stream/mistakes", test_mistakes);
  g_test_add_func ("/json-stream/bounds", test_bounds);

  return g_test_run ();
}
