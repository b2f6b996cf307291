/* Addresses in text: which are found, which may be opened. */
#include "config.h"

#include "ui/transcript/bobbin-links.h"

#include <string.h>

static const struct { const char *text; const char *expected; } cases[] = {
  { "", "" },
  { "see https://example.com/a?b=c#d for more", "https://example.com/a?b=c#d" },
  { "(http://example.com/x_(y)).", "http://example.com/x_(y)" },
  { "[text](https://example.com/a)", "https://example.com/a" },
  { "<https://example.com>, \"http://b.example\"!", "https://example.com http://b.example" },
  { "mailto:a@b.example and MAILTO:c@d.example", "mailto:a@b.example MAILTO:c@d.example" },
  { "javascript:alert(1) file:///etc/passwd data:text/html,x ftp://h/", "" },
  { "xhttps://no.example: https:// http:", "" },
  { "https://ümlaut.example/ß?", "https://ümlaut.example/ß" },
  { "a:b:c 12:30 https://one.example https://two.example", "https://one.example https://two.example" },
  { "**https://bold.example**", "https://bold.example" },
};

static void
test_scan (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GArray) links = g_array_new (FALSE, FALSE, sizeof (BobbinTextLink));
      g_autoptr(GString) found = g_string_new (NULL);

      bobbin_links_scan (cases[i].text, 0, strlen (cases[i].text), links);
      for (guint k = 0; k < links->len; k++)
        {
          const BobbinTextLink *link = &g_array_index (links, BobbinTextLink, k);

          g_string_append_printf (found, "%s%.*s", k > 0 ? " " : "", (int) (link->end - link->start), cases[i].text + link->start);
        }
      g_assert_cmpstr (found->str, ==, cases[i].expected);
    }
}

/* Nothing outside the range is looked at or touched. */
static void
test_range (void)
{
  const char *text = "https://one.example https://two.example";
  g_autoptr(GArray) links = g_array_new (FALSE, FALSE, sizeof (BobbinTextLink));

  bobbin_links_scan (text, 20, strlen (text), links);
  g_assert_cmpuint (links->len, ==, 1);
  g_array_set_size (links, 0);
  bobbin_links_scan (text, 0, 10, links);
  g_assert_cmpuint (links->len, ==, 1);
  g_assert_cmpuint (g_array_index (links, BobbinTextLink, 0).end, ==, 10);
}

static void
test_safe (void)
{
  g_autofree char *filler = g_strnfill (4000, 'x');
  g_autofree char *endless = g_strconcat ("https://example.com/", filler, NULL);

  g_assert_true (bobbin_links_is_safe ("https://example.com/a"));
  g_assert_true (bobbin_links_is_safe ("mailto:a@b.example"));
  g_assert_false (bobbin_links_is_safe ("javascript:alert(1)"));
  g_assert_false (bobbin_links_is_safe ("file:///etc/passwd"));
  g_assert_false (bobbin_links_is_safe (" https://example.com"));
  g_assert_false (bobbin_links_is_safe ("https://example.com/\nx"));
  g_assert_false (bobbin_links_is_safe (""));
  g_assert_false (bobbin_links_is_safe (NULL));
  g_assert_false (bobbin_links_is_safe (endless));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transcript/links/scan", test_scan);
  g_test_add_func ("/transcript/links/range", test_range);
  g_test_add_func ("/transcript/links/safe", test_safe);

  return g_test_run ();
}
