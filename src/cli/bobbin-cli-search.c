#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "util/bobbin-id.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"

#include <glib/gi18n.h>

#define LIMIT 200

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

int
bobbin_cli_search (int    argc,
                   char **argv)
{
  g_auto(BobbinCliContext) context = { NULL };
  g_auto(GStrv) rest = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) hits = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *query = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print one JSON object a line"), NULL },
    { NULL }
  };

  if (!bobbin_cli_parse (argc, argv, "QUERY", _("Prints the conversation's id, its title and the line that matches, separated by tabs."),
                         entries, &rest))
    return BOBBIN_EXIT_USAGE;
  query = g_strjoinv (" ", rest);
  if (*g_strstrip (query) == '\0')
    return bobbin_cli_usage (_("“search” takes the words to look for"));
  if (!g_utf8_validate (query, -1, NULL))
    return bobbin_cli_usage (_("the words to look for are not UTF-8 text"));
  if (!bobbin_cli_context_open (&context, &error))
    return bobbin_cli_fail (error);

  bobbin_store_search_async (context.store, query, LIMIT, NULL, bobbin_cli_result_cb, &result);
  hits = bobbin_store_search_finish (context.store, bobbin_cli_await (&result), &error);
  if (hits == NULL)
    return bobbin_cli_fail (error);

  for (guint i = 0; i < hits->len; i++)
    if (!(as_json ? print_json : print_text) (hits->pdata[i]))
      return BOBBIN_EXIT_FAILED;

  return BOBBIN_EXIT_DONE;
}
