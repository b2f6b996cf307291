#include "config.h"
#include "wire/bobbin-nebelus-delta.h"

#include "wire-support.h"

#include <string.h>

/* What the fast path takes, and that both paths make the same of it. */
static const struct { const char *data; const char *text; int index; gboolean thinking; } taken[] = {
  { "{\"content_type\":\"text\",\"state\":\"delta\",\"index\":0,\"data\":{\"text\":\"Hi\"}}", "Hi", 0, FALSE },
  { "{\"content_type\":\"thinking\",\"state\":\"delta\",\"index\":12,\"data\":{\"thinking\":\"Hm\"}}", "Hm", 12,
    TRUE },
  { "{\"content_type\":\"thinking\",\"state\":\"delta\",\"index\":1,\"data\":{\"text\":\"Hm\"}}", "Hm", 1, TRUE },
  { "{\"state\":\"delta\",\"data\":{\"text\":\"\"}}", "", -1, FALSE },
  { " { \"data\" : { \"text\" : \"a\" } , \"index\" : 999999 ,\n\t\"state\":\"delta\"\r} ", "a", 999999, FALSE },
  { "{\"state\":\"delta\",\"data\":{\"text\":\"\\\"\\\\\\/\\n\\r\\t\\b\\f\"}}", "\"\\/\n\r\t\b\f", -1, FALSE },
  { "{\"state\":\"delta\",\"data\":{\"text\":\"\\u00e9\\u4E2d\\ud83c\\uDF89\\u0001\"}}", "é中🎉\x01", -1, FALSE },
  { "{\"state\":\"delta\",\"data\":{\"text\":\"é中🎉}{\\\"\"}}", "é中🎉}{\"", -1, FALSE },
};

/* What it leaves to the other path. */
static const char *const left[] = {
  "",
  "{",
  "null",
  "{}",
  "{\"state\":\"delta\"}",
  "{\"data\":{\"text\":\"a\"}}",
  "{\"state\":\"start\",\"data\":{\"text\":\"a\"}}",
  "{\"state\":\"complete\",\"data\":{\"text\":\"a\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":7}}",
  "{\"state\":\"delta\",\"data\":{\"text\":null}}",
  "{\"state\":\"delta\",\"data\":{\"thinking\":\"a\"}}",
  "{\"state\":\"delta\",\"data\":{}}",
  "{\"state\":\"delta\",\"data\":\"a\"}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"a\",\"more\":1}}",
  "{\"state\":\"delta\",\"thread_id\":\"t\",\"data\":{\"text\":\"a\"}}",
  "{\"state\":\"delta\",\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"a\"},\"data\":{\"text\":\"b\"}}",
  "{\"content_type\":\"table\",\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"content_type\":null,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"content_type\":\"te\\u0078t\",\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":-1,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":1.0,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":1e3,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":01,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":1234567,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":\"1\",\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":null,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"index\":,\"state\":\"delta\",\"data\":{\"text\":\"a\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"a\nb\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\q\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\u0000\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\ud83c\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\ud83cx\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\ud83c\\u0041\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\udf89\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\u12\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\\u12g4\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\xff\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"\xc3\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}x",
  "{\"state\":\"delta\",\"data\":{\"text\":\"a\"},}",
  "{\"state\":\"delta\" \"data\":{\"text\":\"a\"}}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"a\"}",
  "{\"state\":\"delta\",\"data\":{\"text\":\"a\\",
};

static void
test_taken (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_autofree char *frame = g_strdup_printf ("{\"event\":\"content_block\",\"data\":%s}", taken[i].data);
      g_autofree char *swapped = g_strdup_printf (" { \"data\":%s , \"event\":\"content_block\"}\n", taken[i].data);
      const char *const frames[] = { frame, swapped };
      BobbinNebelusDelta delta = { FALSE, 0, NULL, 0 };

      g_assert_true (bobbin_nebelus_scan_delta_data (taken[i].data, strlen (taken[i].data), &delta));
      g_assert_cmpstr (delta.text, ==, taken[i].text);
      g_assert_cmpuint (delta.length, ==, strlen (taken[i].text));
      g_assert_cmpint (delta.index, ==, taken[i].index);
      g_assert_true (delta.thinking == taken[i].thinking);
      g_free (delta.text);
      for (gsize j = 0; j < G_N_ELEMENTS (frames); j++)
        {
          g_autofree char *fast = NULL;
          g_autofree char *slow = NULL;

          g_assert_true (bobbin_nebelus_scan_delta_frame (frames[j], strlen (frames[j]), &delta));
          g_free (delta.text);
          if (strchr (frames[j], '\n') != NULL && j == 0)
            continue; /* decode_frames() takes one a line */
          g_strdelimit ((char *) frames[j], "\n", ' ');
          fast = decode_frames (frames[j], TRUE);
          slow = decode_frames (frames[j], FALSE);
          g_assert_cmpstr (fast, ==, slow);
        }
    }
}

static void
test_left (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (left); i++)
    {
      g_autofree char *frame = g_strdup_printf ("{\"event\":\"content_block\",\"data\":%s}", left[i]);
      BobbinNebelusDelta delta = { FALSE, 0, NULL, 0 };
      g_autofree char *fast = NULL;
      g_autofree char *slow = NULL;

      g_assert_false (bobbin_nebelus_scan_delta_data (left[i], strlen (left[i]), &delta));
      g_assert_false (bobbin_nebelus_scan_delta_frame (frame, strlen (frame), &delta));
      g_assert_null (delta.text);
      fast = decode_frames (frame, TRUE);
      slow = decode_frames (frame, FALSE);
      g_assert_cmpstr (fast, ==, slow);
    }
}

static void
test_envelope (void)
{
  static const char *const frames[] = {
    "{\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}}",
    "{\"event\":\"content_block\"}",
    "{\"event\":\"message_stop\",\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}}",
    "{\"event\":\"content_block\",\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"a\"}},\"x\":1}",
    "{\"event\":\"content_block\",\"event\":\"pong\",\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}}",
    "[{\"event\":\"content_block\",\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}}]",
    "{\"event\":\"content_block\",\"data\":{\"state\":\"delta\",\"data\":{\"text\":\"a\"}}}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      BobbinNebelusDelta delta = { FALSE, 0, NULL, 0 };

      g_assert_false (bobbin_nebelus_scan_delta_frame (frames[i], strlen (frames[i]), &delta));
      g_assert_null (delta.text);
    }
}

/* One byte of a good frame changed, every byte, many values: the paths agree, or the fast one keeps out. */
static void
test_mutated (void)
{
  static const char good[] = "{\"event\":\"content_block\",\"data\":{\"content_type\":\"text\","
                             "\"state\":\"delta\",\"index\":10,\"data\":{\"text\":\"a\\u00e9\\n\"}}}";
  static const char values[] = "\"\\{}[]:, 0aeu1-.\x01\x7f\xc3\xff";

  for (gsize i = 0; i < sizeof good - 1; i++)
    for (gsize j = 0; j < sizeof values - 1; j++)
      {
        g_autofree char *frame = g_strdup (good);
        BobbinNebelusDelta delta = { FALSE, 0, NULL, 0 };

        frame[i] = values[j];
        if (bobbin_nebelus_scan_delta_frame (frame, strlen (frame), &delta))
          {
            g_autofree char *fast = decode_frames (frame, TRUE);
            g_autofree char *slow = decode_frames (frame, FALSE);

            g_free (delta.text);
            g_assert_cmpstr (fast, ==, slow);
          }
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nebelus-delta/taken", test_taken);
  g_test_add_func ("/wire/nebelus-delta/left", test_left);
  g_test_add_func ("/wire/nebelus-delta/envelope", test_envelope);
  g_test_add_func ("/wire/nebelus-delta/mutated", test_mutated);

  return g_test_run ();
}
