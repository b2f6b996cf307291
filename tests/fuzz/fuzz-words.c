/* Short texts of strangers: links, addresses, what is searched for over the bus, times, numbers, tokens. */
#include "config.h"
#include "fuzz.h"

#include "app/bobbin-link.h"
#include "model/bobbin-table.h"
#include "store-fixture.h"
#include "transport/bobbin-address.h"
#include "util/bobbin-fuzzy.h"
#include "util/bobbin-jwt.h"
#include "util/bobbin-needle.h"
#include "util/bobbin-redact.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"

#include <math.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1750000000) * G_USEC_PER_SEC)

static void
check_address (const char *text)
{
  g_autoptr(GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GError) error = NULL;

  if (bobbin_address_is_loopback (text))
    g_assert_true (bobbin_address_is_private (text));
  if (uri == NULL)
    return;
  if (!bobbin_address_check_uri (uri, FALSE, &error))
    {
      g_assert_true (error->domain == BOBBIN_ERROR);
      fuzz_check_valid (error->message);
    }
  else if (g_ascii_strcasecmp (g_uri_get_scheme (uri), "http") == 0 || g_ascii_strcasecmp (g_uri_get_scheme (uri), "ws") == 0)
    g_assert_true (bobbin_address_is_loopback (g_uri_get_host (uri)));
}

void
fuzz_links (const guint8 *data,
            gsize         length)
{
  FuzzInput input;
  g_autofree char *text = NULL;
  g_autoptr(BobbinLink) link = NULL;
  gint64 id;

  fuzz_read_input (&input, data, length);
  text = g_strndup (input.bytes != NULL ? input.bytes : "", input.length);
  check_address (text);
  if (bobbin_id_parse (text, &id))
    {
      g_autofree char *again = bobbin_id_to_string (id);

      g_assert_cmpint (id, >=, 0);
      g_assert_cmpuint (strlen (again), ==, BOBBIN_ID_STRING_LENGTH);
    }
  link = bobbin_link_parse (text);
  if (link == NULL)
    return;
  fuzz_check_valid (link->thread_id);
  fuzz_check_valid (link->text);
  g_assert_true (link->kind == BOBBIN_LINK_NEW || (link->thread_id != NULL && *link->thread_id != '\0'));
  for (const char *p = link->text; p != NULL && *p != '\0'; p++)
    g_assert_true ((guchar) *p >= ' ' || *p == '\n' || *p == '\t');
}

static void
check_time (const char *text)
{
  gint64 us, again;

  if (bobbin_time_parse (text, &us))
    {
      g_autofree char *iso = bobbin_time_to_iso (us);

      g_assert_true (bobbin_time_parse (iso, &again));
      g_assert_cmpint (again, ==, us);
    }
  (void) bobbin_time_parse_local (text, &us);
  g_assert_cmpint (bobbin_jwt_get_expiry_us (text), >=, 0);
}

static void
check_line (const char *text)
{
  g_autofree char *line = bobbin_text_one_line (text);
  g_autofree char *name = bobbin_text_clean_name (text);
  g_autofree char *cut = bobbin_text_truncate (text, 12);
  g_autofree char *isolated = bobbin_text_isolate (text);
  g_autofree char *redacted = bobbin_redact (text);
  double number;

  fuzz_check_valid (line);
  fuzz_check_valid (name);
  fuzz_check_valid (cut);
  fuzz_check_valid (isolated);
  g_assert_null (strpbrk (line, "\r\n\t"));
  g_assert_cmpint (g_utf8_strlen (cut, -1), <=, 12);
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    g_assert_false (bobbin_text_is_unfit (g_utf8_get_char (p)));
  if (g_utf8_validate (text, -1, NULL))
    fuzz_check_valid (redacted);
  if (bobbin_table_parse_number (text, TRUE, &number) || bobbin_table_parse_number (text, FALSE, &number))
    g_assert_true (isfinite (number));
  if (bobbin_table_parse_date (text, TRUE, &number) || bobbin_table_parse_date (text, FALSE, &number))
    g_assert_true (isfinite (number));
}

/* The first line is looked for in the others. */
static void
check_needle (const char *text)
{
  const char *rest = strchr (text, '\n');
  g_autofree char *query = g_strndup (text, rest != NULL ? (gsize) (rest - text) : strlen (text));
  g_autoptr(BobbinNeedle) needle = bobbin_needle_new (query);
  g_autoptr(BobbinFuzzy) fuzzy = bobbin_fuzzy_new (query);
  g_autoptr(GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BobbinRange));
  gsize before = 0;

  (void) bobbin_fuzzy_score (fuzzy, text);
  if (needle == NULL)
    return;
  g_assert_cmpuint (bobbin_needle_find (needle, text, strlen (text), G_MAXUINT, ranges), ==, ranges->len);
  g_assert_cmpuint (bobbin_needle_count (needle, text, strlen (text)), ==, ranges->len);
  for (guint i = 0; i < ranges->len; i++)
    {
      BobbinRange *range = &g_array_index (ranges, BobbinRange, i);

      g_assert_true (range->start >= before && range->end > range->start && range->end <= strlen (text));
      g_assert_true (g_utf8_validate (text + range->start, (gssize) (range->end - range->start), NULL));
      before = range->end;
    }
}

void
fuzz_words (const guint8 *data,
            gsize         length)
{
  FuzzInput input;
  g_autofree char *raw = NULL;
  g_autofree char *text = NULL;

  fuzz_read_input (&input, data, length);
  raw = g_strndup (input.bytes != NULL ? input.bytes : "", input.length);
  text = fuzz_dup_text (&input);
  check_time (raw);
  check_line (raw);
  check_needle (text);
}

static BobbinStore *search_store;
static char        *search_dir;

static void
close_search_store (void)
{
  fixture_close (g_steal_pointer (&search_store));
  fixture_remove_dir (search_dir);
  g_free (search_dir);
}

static void
open_search_store (void)
{
  static const char *const texts[] = { "When is high water at Cádiz?", "At **14:52**, said the tide table of \"Puerto Sherry\".",
                                       "```c\nint main (void) { return 0; }\n```", "naïve café ΑΒΓ 日本語 x*y NEAR(a b) AND OR NOT" };
  g_autoptr(BobbinAccount) account = NULL;
  g_autoptr(BobbinThread) thread = NULL;

  search_dir = fixture_make_dir ();
  search_store = fixture_open (search_dir, NULL);
  account = fixture_add_account (search_store, "Work");
  thread = fixture_add_thread (search_store, account, "Tides of the Atlantic", NOW_US);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (search_store, thread, BOBBIN_ROLE_USER, texts[i]);
    }
  fixture_flush (search_store);
  atexit (close_search_store);
}

/* What the shell asks over the bus, and a person in the window: whatever it is, it is no mistake. */
void
fuzz_search (const guint8 *data,
             gsize         length)
{
  FuzzInput input;
  g_autofree char *text = NULL;
  g_autoptr(BobbinSearchPage) page = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinSearchQuery query;

  if (search_store == NULL)
    open_search_store ();
  fuzz_read_input (&input, data, length);
  text = fuzz_dup_text (&input);
  query = (BobbinSearchQuery) { .text = text, .limit = 20, .parts = input.mode & 1 ? BOBBIN_SEARCH_TEXT : 0, .offset = input.mode >> 3,
                                .agent = input.mode & 2 ? text : NULL };
  result = WAIT (bobbin_store_search_async, search_store, &query);
  page = bobbin_store_search_finish (search_store, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < page->hits->len; i++)
    {
      BobbinSearchHit *hit = page->hits->pdata[i];

      fuzz_check_valid (hit->title);
      fuzz_check_valid (hit->excerpt);
    }
}
