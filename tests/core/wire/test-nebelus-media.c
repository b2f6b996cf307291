#include "config.h"
#include "wire/bobbin-nebelus-decoder.h"

#include "wire-support.h"

#include <string.h>

/* "abc", "YWJj", SHA-256 ba7816bf; "ab", "YWI=", fb8e20fc; bytes fb ff, "+/8=" or "-_8", 0x… */
static const struct { const char *type; const char *data; const char *expected; } cases[] = {
  { "image", "{\"data\":\"YWJj\",\"content_type\":\"image/png\",\"name\":\"a.png\"}",
    "image complete name=<a.png> type=<image/png> bytes=3/ba7816bf" },
  { "image", "{\"base64\":\"data:image/gif;base64,YWJj\"}", "image complete type=<image/gif> bytes=3/ba7816bf" },
  { "image", "{\"image\":\"data:image/gif;base64,YWJj\",\"mime_type\":\"image/png\"}",
    "image complete type=<image/png> bytes=3/ba7816bf" },
  { "image", "\"YWI=\"", "image complete bytes=2/fb8e20fc" },
  { "image", "\"YWI\"", "image complete bytes=2/fb8e20fc" },
  { "image", "\" YW\\r\\nI = \\n\"", "image complete bytes=2/fb8e20fc" },
  { "image", "\"data:image/png,YWI=\"", "image complete type=<image/png> bytes=2/fb8e20fc" },
  { "image", "\"https://x.example/a.png\"", "image complete data=<{\"url\":\"https://x.example/a.png\"}>" },
  { "image", "{\"url\":\"https://x.example/a\\\"b\",\"title\":\"T\"}",
    "image complete name=<T> data=<{\"url\":\"https://x.example/a\\\"b\"}>" },
  { "image", "{\"image_url\":{\"url\":\"http://x.example/\"}}",
    "image complete data=<{\"url\":\"http://x.example/\"}>" },
  { "image", "{\"url\":\"data:image/png;base64,YWJj\"}", "image complete type=<image/png> bytes=3/ba7816bf" },
  { "image", "{\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"YWJj\"}}",
    "image complete type=<image/png> bytes=3/ba7816bf" },
  { "file", "{\"name\":\"a.csv\",\"content_type\":\"text/csv\",\"data\":\"YWJj\"}",
    "file complete name=<a.csv> type=<text/csv> bytes=3/ba7816bf" },
  { "file", "{\"filename\":\"a.csv\",\"download_url\":\"https://x.example/a.csv\"}",
    "file complete name=<a.csv> data=<{\"url\":\"https://x.example/a.csv\"}>" },
  /* no picture can be made of it: kept as it came */
  { "image", "{\"name\":\"a\",\"data\":\"no base64!\"}",
    "unknown complete name=<image> data=<{\"name\":\"a\",\"data\":\"no base64!\"}>" },
  { "image", "{\"data\":\"YWJjY\"}", "unknown complete name=<image> data=<{\"data\":\"YWJjY\"}>" },
  { "image", "{\"data\":\"YW=Jj\"}", "unknown complete name=<image> data=<{\"data\":\"YW=Jj\"}>" },
  { "image", "\"data:image/png;base64\"", "unknown complete name=<image> data=<\"data:image/png;base64\">" },
  { "image", "{\"data\":7,\"url\":[],\"name\":{}}",
    "unknown complete name=<image> data=<{\"data\":7,\"url\":[],\"name\":{}}>" },
  { "image", "7", "unknown complete name=<image> data=<7>" },
  { "file", "[]", "unknown complete name=<file> data=<[]>" },
  { "file", "{}", "unknown complete name=<file> data=<{}>" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *frame = g_strdup_printf ("{\"event\":\"content_block\",\"data\":{\"content_type\":\"%s\","
                                                "\"state\":\"complete\",\"index\":0,\"data\":%s}}",
                                                cases[i].type, cases[i].data);
      g_autofree char *got = decode_frames (frame, TRUE);
      g_autofree char *expected = g_strdup_printf ("block %s:0 %s\n", cases[i].type, cases[i].expected);

      g_assert_cmpstr (got, ==, expected);
    }
}

/* Every byte value, in both alphabets, padded or not. */
static void
test_base64 (void)
{
  guchar bytes[256];

  for (guint i = 0; i < 256; i++)
    bytes[i] = (guchar) (255 - i);
  for (gsize length = 254; length <= 256; length++)
    for (guint form = 0; form < 4; form++)
      {
        g_autofree char *base64 = g_base64_encode (bytes, length);
        g_autofree char *frame = NULL;
        g_autofree char *got = NULL;
        g_autofree char *expected = NULL;
        g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, length);

        if (form & 1)
          base64[strcspn (base64, "=")] = '\0';
        if (form & 2)
          {
            g_strdelimit (base64, "+", '-');
            g_strdelimit (base64, "/", '_');
          }
        frame = g_strdup_printf ("{\"event\":\"content_block\",\"data\":{\"content_type\":\"image\",\"index\":0,"
                                 "\"data\":\"%s\"}}", base64);
        got = decode_frames (frame, TRUE);
        expected = g_strdup_printf ("block image:0 image complete bytes=%" G_GSIZE_FORMAT "/%.8s\n", length, sum);
        g_assert_cmpstr (got, ==, expected);
      }
}

/* A block that starts empty and is filled: no "unknown" on the way. */
static void
test_start (void)
{
  g_autofree char *got = decode_frames ("{\"event\":\"content_block\",\"data\":{\"content_type\":\"image\","
                                        "\"state\":\"start\",\"index\":0,\"data\":{\"name\":\"a.png\"}}}\n"
                                        "{\"event\":\"content_block\",\"data\":{\"content_type\":\"image\","
                                        "\"state\":\"complete\",\"index\":0,\"data\":{\"data\":\"YWJj\"}}}",
                                        TRUE);

  g_assert_cmpstr (got, ==,
                   "block image:0 image start name=<a.png>\nblock image:0 image complete bytes=3/ba7816bf\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nebelus-media/table", test_table);
  g_test_add_func ("/wire/nebelus-media/base64", test_base64);
  g_test_add_func ("/wire/nebelus-media/start", test_start);

  return g_test_run ();
}
