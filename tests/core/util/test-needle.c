/* Words found as a person means them. */
#include "config.h"
#include "util/bobbin-needle.h"

#include <string.h>

typedef struct
{
  const char *needle;
  const char *text;
  const char *found; /* the matches, with | between; "" none */
} Case;

static const Case cases[] = {
  { "cafe", "Café, CAFÉ and cafe\xcc\x81!", "Café|CAFÉ|cafe\xcc\x81" },
  { "CAFÉ", "cafe", "cafe" },
  { "tromso lodz", "Tromsø Łódź, tromso lodz", "Tromsø Łódź|tromso lodz" },
  { "strasse", "Die Straße und die STRASSE", "Straße|STRASSE" },
  { "two words", "Two\nwords, two\twords", "Two\nwords|two\twords" },
  { "aa", "aaaa", "aa|aa" },
  { "日本", "日本語、日本", "日本|日本" },
  { "日本", "é 日本。İ日本 é本日", "日本|日本" },
  { "本", "\xe6\x97\xe6\x9c\xac 本", "本|本" },
  { "ﬁne", "fine", "fine" },
  { "fi", "ﬁne", "ﬁ" },
  { "x", "", "" },
  { "longer than", "long", "" },
  { "й", "Й и й", "Й|и|й" },
  { "😀", "a 😀 b", "😀" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BobbinNeedle) needle = bobbin_needle_new (cases[i].needle);
      g_autoptr(GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BobbinRange));
      g_autoptr(GString) found = g_string_new (NULL);
      gsize length = strlen (cases[i].text);

      g_assert_nonnull (needle);
      g_assert_cmpuint (bobbin_needle_find (needle, cases[i].text, length, G_MAXUINT, ranges), ==, ranges->len);
      g_assert_cmpuint (bobbin_needle_count (needle, cases[i].text, length), ==, ranges->len);
      for (guint j = 0; j < ranges->len; j++)
        {
          BobbinRange range = g_array_index (ranges, BobbinRange, j);

          g_assert_cmpuint (range.end, <=, length);
          if (j > 0)
            g_string_append_c (found, '|');
          g_string_append_len (found, cases[i].text + range.start, (gssize) (range.end - range.start));
        }
      g_assert_cmpstr (found->str, ==, cases[i].found);
    }
}

/* Eight letters are folded at a time: each letter in each place is what it is alone, and so are those beside it. */
static void
test_ascii (void)
{
  for (guint c = 1; c < 0x80; c++)
    for (guint at = 0; at < 20; at++)
      {
        char text[] = "qZq{q@q[qAq`qzq~q QqZ";
        char expected[] = "qzq{q@q[qaq`qzq~q qqz";
        g_autoptr(BobbinNeedle) needle = NULL;

        text[at] = (char) c;
        expected[at] = c == '\n' || c == '\t' || c == '\r' ? ' ' : g_ascii_tolower ((char) c);
        needle = bobbin_needle_new (expected);
        g_assert_cmpuint (bobbin_needle_count (needle, text, strlen (text)), ==, 1);
        text[at] = c == 'x' ? 'y' : 'x';
        g_assert_cmpuint (bobbin_needle_count (needle, text, strlen (text)), ==, c == 'X');
      }
}

static void
test_nothing (void)
{
  g_assert_null (bobbin_needle_new (""));
  g_assert_null (bobbin_needle_new ("\xcc\x81"));
}

static void
test_max (void)
{
  g_autoptr(BobbinNeedle) needle = bobbin_needle_new ("a");
  g_autoptr(GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BobbinRange));

  g_assert_cmpuint (bobbin_needle_find (needle, "a a a a", 7, 2, ranges), ==, 2);
  g_assert_cmpuint (ranges->len, ==, 2);
}

/* Bytes that are no UTF-8, and a million marks on one letter. */
static void
test_bad_text (void)
{
  g_autoptr(BobbinNeedle) needle = bobbin_needle_new ("ab");
  g_autoptr(GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BobbinRange));
  g_autoptr(GString) zalgo = g_string_new ("a");

  g_assert_cmpuint (bobbin_needle_count (needle, "\xff\xfe ab \xc3", 7), ==, 1);
  for (guint i = 0; i < 1000000; i++)
    g_string_append (zalgo, "\xcc\x81");
  g_string_append_c (zalgo, 'b');
  g_assert_cmpuint (bobbin_needle_find (needle, zalgo->str, zalgo->len, 9, ranges), ==, 1);
  g_assert_cmpuint (g_array_index (ranges, BobbinRange, 0).end, ==, zalgo->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/needle/cases", test_cases);
  g_test_add_func ("/needle/ascii", test_ascii);
  g_test_add_func ("/needle/nothing", test_nothing);
  g_test_add_func ("/needle/max", test_max);
  g_test_add_func ("/needle/bad-text", test_bad_text);

  return g_test_run ();
}
