#include "config.h"

#include "util/bobbin-text.h"

#include <string.h>

static void
test_valid (void)
{
  g_autofree char *plain = bobbin_text_make_valid ("é", -1);
  g_autofree char *bytes = bobbin_text_make_valid ("a\xff" "b\0c", 5);

  g_assert_cmpstr (plain, ==, "é");
  g_assert_cmpstr (bytes, ==, "a\357\277\275b\357\277\275c");
}

static void
test_truncate (void)
{
  static const struct { const char *text; guint max; const char *expected; } cases[] = {
    { "", 5, "" },
    { "short", 5, "short" },
    { "longer", 5, "long…" },
    { "a b c d", 5, "a b…" },      /* no space before the ellipsis */
    { "abc", 1, "…" },
    { "abc", 0, "" },
    { "ééééé", 3, "éé…" },
    { "e\u0301e\u0301e\u0301", 4, "e\u0301…" },          /* accents go with their letter */
    { "👍🏽👍🏽👍🏽", 4, "👍🏽…" },                            /* so do colours of skin */
    { "🇩🇪🇫🇷🇪🇸", 4, "🇩🇪…" },                            /* and the two halves of a flag */
    { "👩‍👩‍👧 family", 4, "…" },                           /* one joined emoji of five characters */
    { "bad \xff byte", 20, "bad \357\277\275 byte" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bobbin_text_truncate (cases[i].text, cases[i].max);

      g_assert_cmpstr (text, ==, cases[i].expected);
      g_assert_cmpint (g_utf8_strlen (text, -1), <=, MAX (cases[i].max, 20));
    }
}

static void
test_one_line (void)
{
  g_autofree char *text = bobbin_text_one_line ("  two\r\n\n lines\tand\u2028more\u00a0here  ");
  g_autofree char *empty = bobbin_text_one_line (" \n\t");

  g_assert_cmpstr (text, ==, "two lines and more here");
  g_assert_cmpstr (empty, ==, "");
}

static void
test_clean_name (void)
{
  g_autofree char *trick = bobbin_text_clean_name ("photo\u202egpj.exe");
  g_autofree char *controls = bobbin_text_clean_name ("a\x1b[31mb\x07\302\205c\ufeffd\x7f");
  g_autofree char *isolates = bobbin_text_clean_name ("\u2066x\u2069\u200fy\n");
  g_autofree char *joined = bobbin_text_clean_name ("👩‍👧.png");

  g_assert_cmpstr (trick, ==, "photogpj.exe");
  g_assert_cmpstr (controls, ==, "a[31mb cd");
  g_assert_cmpstr (isolates, ==, "x\u200fy");
  g_assert_cmpstr (joined, ==, "👩‍👧.png");
}

static void
test_isolate (void)
{
  g_autofree char *text = bobbin_text_isolate ("שלום");

  g_assert_cmpstr (text, ==, "\u2068שלום\u2069");
}

static void
test_size (void)
{
  g_autofree char *some = bobbin_text_size (9961472);
  g_autofree char *none = bobbin_text_size (-5);

  g_assert_cmpstr (some, ==, "9.5\u00a0MiB");
  g_assert_nonnull (strstr (none, "0"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/valid", test_valid);
  g_test_add_func ("/text/truncate", test_truncate);
  g_test_add_func ("/text/one-line", test_one_line);
  g_test_add_func ("/text/clean-name", test_clean_name);
  g_test_add_func ("/text/isolate", test_isolate);
  g_test_add_func ("/text/size", test_size);

  return g_test_run ();
}
