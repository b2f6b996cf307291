#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "model/bobbin-label.h"
#include "model/bobbin-message.h"
#include "util/bobbin-id.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"

#include <glib/gi18n.h>
#include <string.h>

#define LIMIT     200
#define MAX_LIMIT 100000

/* Without the two private characters that mark a match. */
static char *
dup_excerpt (const char *excerpt)
{
  g_autofree char *line = bobbin_text_clean_name (excerpt != NULL ? excerpt : "");
  g_autoptr(GString) out = g_string_new (line);

  g_string_replace (out, "\uE000", "", 0);
  g_string_replace (out, "\uE001", "", 0);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static const struct { const char *name; BobbinSearchParts part; } parts[] = {
  { "titles", BOBBIN_SEARCH_TITLES }, { "text", BOBBIN_SEARCH_TEXT }, { "thinking", BOBBIN_SEARCH_THINKING },
  { "code", BOBBIN_SEARCH_CODE }, { "tools", BOBBIN_SEARCH_TOOLS }, { "data", BOBBIN_SEARCH_DATA },
  { "files", BOBBIN_SEARCH_FILES },
};

static const char *
part_name (BobbinSearchParts part)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].part == part)
      return parts[i].name;

  return NULL;
}

static gboolean
print_json (const BobbinSearchHit *hit)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *thread = bobbin_id_to_string (hit->thread_id);
  g_autofree char *message = hit->message_id != 0 ? bobbin_id_to_string (hit->message_id) : NULL;
  g_autofree char *excerpt = dup_excerpt (hit->excerpt);
  g_autofree char *created = hit->created_us != 0 ? bobbin_time_to_iso (hit->created_us) : NULL;

  bobbin_cli_set_string (object, "thread", thread);
  bobbin_cli_set_string (object, "message", message);
  bobbin_cli_set_string (object, "title", hit->title);
  bobbin_cli_set_string (object, "excerpt", excerpt);
  bobbin_cli_set_string (object, "in", part_name (hit->part));
  if (hit->message_id != 0)
    bobbin_cli_set_string (object, "role", bobbin_role_get_nick ((BobbinRole) hit->role));
  bobbin_cli_set_string (object, "agent", hit->agent);
  bobbin_cli_set_string (object, "created", created);

  return bobbin_cli_print_json (object);
}

static gboolean
print_text (const BobbinSearchHit *hit)
{
  g_autofree char *thread = bobbin_id_to_string (hit->thread_id);
  g_autofree char *title = bobbin_text_clean_name (hit->title != NULL ? hit->title : "");
  g_autofree char *excerpt = dup_excerpt (hit->excerpt);

  return bobbin_cli_printf ("%s\t%s\t%s\n", thread, title, excerpt);
}

/* The options as they were given. */
typedef struct
{
  char     *account;
  char     *agent;
  char     *label;
  char     *role;
  char     *since;
  char     *until;
  char     *in;
  int       limit;
  gboolean  with_files;
  gboolean  as_json;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->account);
  g_free (options->agent);
  g_free (options->label);
  g_free (options->role);
  g_free (options->since);
  g_free (options->until);
  g_free (options->in);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
read_parts (const char        *text,
            BobbinSearchParts *ret_parts)
{
  g_auto(GStrv) names = g_strsplit (text != NULL ? text : "", ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (parts); j++)
        if (g_str_equal (names[i], parts[j].name))
          {
            *ret_parts |= parts[j].part;
            known = TRUE;
          }
      if (!known)
        {
          bobbin_cli_usage (_("“%s” is nothing to search in: titles, text, thinking, code, tools, data and files are"), names[i]);
          return FALSE;
        }
    }

  return TRUE;
}

/* A day, here, or a moment. @whole_day: a day counts to its end. */
static gboolean
read_time (const char *text,
           gboolean    whole_day,
           gint64     *ret_us)
{
  if (text == NULL)
    return TRUE;
  if (!bobbin_time_parse_local (text, ret_us))
    {
      bobbin_cli_usage (_("“%s” is no date: write it as 2026-01-31"), text);
      return FALSE;
    }
  if (whole_day && strlen (text) == strlen ("2026-01-31"))
    *ret_us += G_TIME_SPAN_DAY;

  return TRUE;
}

static gboolean
read_query (const Options     *options,
            BobbinSearchQuery *query)
{
  BobbinRole role;

  if (options->limit < 1 || options->limit > MAX_LIMIT)
    {
      bobbin_cli_usage (_("the limit is a number from 1 to %d"), MAX_LIMIT);
      return FALSE;
    }
  if (options->role != NULL)
    {
      if (!bobbin_role_from_nick (options->role, &role))
        {
          bobbin_cli_usage (_("there is no role “%s”: user, assistant, system and tool are"), options->role);
          return FALSE;
        }
      query->roles = 1u << role;
    }
  query->agent = options->agent;
  query->with_files = options->with_files;
  query->limit = (guint) options->limit;

  return (options->in == NULL || read_parts (options->in, &query->parts)) && read_time (options->since, FALSE, &query->from_us) &&
         read_time (options->until, TRUE, &query->until_us);
}

/* What an update of the program left to do is done first: the answer is whole. */
static gboolean
complete_index (BobbinStore  *store,
                GError      **error)
{
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr(GAsyncResult) result = NULL;

      bobbin_store_index_async (store, NULL, bobbin_cli_result_cb, &result);
      if (!bobbin_store_index_finish (store, bobbin_cli_await (&result), &more, error))
        return FALSE;
    }

  return TRUE;
}

/* By its name, whatever the case: the window shows no two that differ by nothing else. */
static gboolean
read_label (BobbinStore        *store,
            const char         *name,
            BobbinSearchQuery  *query,
            GError            **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) labels = NULL;
  g_autofree char *wanted = g_utf8_casefold (name, -1);

  bobbin_store_list_labels_async (store, NULL, bobbin_cli_result_cb, &result);
  labels = bobbin_store_list_labels_finish (store, bobbin_cli_await (&result), error);
  if (labels == NULL)
    return FALSE;

  for (guint i = 0; i < labels->len; i++)
    {
      g_autofree char *folded = g_utf8_casefold (bobbin_label_get_name (labels->pdata[i]), -1);

      if (query->label_id == 0 && g_str_equal (folded, wanted))
        query->label_id = bobbin_label_get_id (labels->pdata[i]);
    }
  if (query->label_id == 0)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no label “%s”"), name);

  return query->label_id != 0;
}

static int
search (const Options     *options,
        BobbinSearchQuery *query)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_autoptr(GPtrArray) accounts = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BobbinSearchPage) page = NULL;
  g_autoptr(GError) error = NULL;
  BobbinAccount *account;

  if (!bobbin_cli_context_open (&context, &error))
    return bobbin_cli_fail (error);
  if (options->account != NULL)
    {
      accounts = bobbin_cli_list_accounts (&context, &error);
      account = accounts != NULL ? bobbin_cli_find_account (accounts, options->account, &error) : NULL;
      if (account == NULL)
        return bobbin_cli_fail (error);
      query->account_id = bobbin_account_get_id (account);
    }
  if (options->label != NULL && !read_label (context.store, options->label, query, &error))
    return bobbin_cli_fail (error);
  /* Of a profile that cannot be written, what is there. */
  if (!complete_index (context.store, &error))
    g_clear_error (&error);

  bobbin_store_search_async (context.store, query, NULL, bobbin_cli_result_cb, &result);
  page = bobbin_store_search_finish (context.store, bobbin_cli_await (&result), &error);
  if (page == NULL)
    return bobbin_cli_fail (error);

  for (guint i = 0; i < page->hits->len; i++)
    if (!(options->as_json ? print_json : print_text) (page->hits->pdata[i]))
      return BOBBIN_EXIT_FAILED;

  return BOBBIN_EXIT_DONE;
}

int
bobbin_cli_search (int    argc,
                   char **argv)
{
  g_auto(Options) options = { .limit = LIMIT };
  g_auto(GStrv) rest = NULL;
  g_autofree char *text = NULL;
  BobbinSearchQuery query = { NULL };
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &options.account, N_("Only the conversations of this account"), N_("NAME") },
    { "agent", 0, 0, G_OPTION_ARG_STRING, &options.agent, N_("Only with this agent, by id or name"), N_("AGENT") },
    { "label", 0, 0, G_OPTION_ARG_STRING, &options.label, N_("Only the conversations with this label"), N_("NAME") },
    { "role", 0, 0, G_OPTION_ARG_STRING, &options.role, N_("Only what was said by “user”, “assistant”, “system” or “tool”"), N_("ROLE") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &options.since, N_("Only from this day on"), N_("DATE") },
    { "until", 0, 0, G_OPTION_ARG_STRING, &options.until, N_("Only up to this day"), N_("DATE") },
    { "with-files", 0, 0, G_OPTION_ARG_NONE, &options.with_files, N_("Only messages with a file or an image"), NULL },
    { "in", 0, 0, G_OPTION_ARG_STRING, &options.in, N_("Only in these, separated by commas: titles, text, thinking, code, tools, data, files"), N_("PARTS") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, N_("At most so many, 200 when not given"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.as_json, N_("Print one JSON object a line"), NULL },
    { NULL }
  };

  if (!bobbin_cli_parse (argc, argv, "QUERY", _("Prints the conversation's id, its title and the line that matches, separated by tabs."),
                         entries, &rest))
    return BOBBIN_EXIT_USAGE;
  text = g_strjoinv (" ", rest);
  if (*g_strstrip (text) == '\0')
    return bobbin_cli_usage (_("“search” takes the words to look for"));
  if (!g_utf8_validate (text, -1, NULL))
    return bobbin_cli_usage (_("the words to look for are not UTF-8 text"));

  query.text = text;
  return read_query (&options, &query) ? search (&options, &query) : BOBBIN_EXIT_USAGE;
}
