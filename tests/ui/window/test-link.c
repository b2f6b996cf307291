#include "config.h"
#include "app/bobbin-link.h"

static void
test_table (void)
{
  static const struct { const char *uri; int kind; const char *text; } rows[] = {
    { "bobbin:new", BOBBIN_LINK_NEW, NULL },
    { "BOBBIN:new", BOBBIN_LINK_NEW, NULL },
    { "bobbin://new", BOBBIN_LINK_NEW, NULL },
    { "bobbin:///new", BOBBIN_LINK_NEW, NULL },
    { "bobbin:new?text=hello%20there", BOBBIN_LINK_NEW, "hello there" },
    { "bobbin:new?text=a+b%26c%3Dd&x=y", BOBBIN_LINK_NEW, "a b&c=d" },
    { "bobbin:new?text=line%0Atwo", BOBBIN_LINK_NEW, "line\ntwo" },
    { "bobbin:new?text=bell%07%1B%5B31m", BOBBIN_LINK_NEW, "bell[31m" },
    { "bobbin:new?text=h%C3%A9", BOBBIN_LINK_NEW, "hé" },
    { "bobbin:new?other=1", BOBBIN_LINK_NEW, NULL },
    { "bobbin:0123456789ABC", BOBBIN_LINK_THREAD, "0123456789ABC" },
    { "bobbin://8f14e45f-ceea-467f-a9b3-3b5b2c1e0d11", BOBBIN_LINK_THREAD, "8f14e45f-ceea-467f-a9b3-3b5b2c1e0d11" },
    { "bobbin:", -1, NULL },
    { "bobbin://", -1, NULL },
    { "bobbin:a%20b", -1, NULL },
    { "bobbin:a%0Ab", -1, NULL },
    { "https://example.com/", -1, NULL },
    { "file:///etc/passwd", -1, NULL },
    { "", -1, NULL },
    { "no link", -1, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinLink) link = bobbin_link_parse (rows[i].uri);

      g_test_message ("%s", rows[i].uri);
      if (rows[i].kind < 0)
        {
          g_assert_null (link);
          continue;
        }
      g_assert_nonnull (link);
      g_assert_cmpint (link->kind, ==, rows[i].kind);
      g_assert_cmpstr (link->kind == BOBBIN_LINK_NEW ? link->text : link->thread_id, ==, rows[i].text);
    }
}

static void
test_bounds (void)
{
  g_autofree char *filling = g_strnfill (BOBBIN_LINK_MAX_LENGTH, 'x');
  g_autofree char *long_text = g_strconcat ("bobbin:new?text=", filling, NULL);
  g_autofree char *long_id = g_strndup (filling, 600);
  g_autofree char *long_thread = g_strconcat ("bobbin:", long_id, NULL);
  g_autoptr(BobbinLink) first = bobbin_link_parse (long_text);
  g_autoptr(BobbinLink) second = bobbin_link_parse (long_thread);

  g_assert_null (first);
  g_assert_null (second);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/table", test_table);
  g_test_add_func ("/link/bounds", test_bounds);

  return g_test_run ();
}
