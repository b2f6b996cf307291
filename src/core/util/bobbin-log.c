#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-log.h"

#include "util/bobbin-redact.h"

#include <stdio.h>
#include <string.h>

static int is_verbose; /* atomic */

static const char *
level_name (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return "ERROR";
  if (level & G_LOG_LEVEL_CRITICAL)
    return "CRITICAL";
  if (level & G_LOG_LEVEL_WARNING)
    return "WARNING";
  if (level & G_LOG_LEVEL_MESSAGE)
    return "message";

  return level & G_LOG_LEVEL_INFO ? "info" : "debug";
}

/* Whether @list, separated by commas or spaces, holds "all", @domain, or @domain without @prefix. */
static gboolean
list_has (const char *list,
          const char *domain,
          const char *prefix)
{
  g_auto(GStrv) words = list != NULL ? g_strsplit_set (list, ", ;", -1) : NULL;

  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    if (g_str_equal (words[i], "all") || g_str_equal (words[i], domain) ||
        (g_str_has_prefix (domain, prefix) && g_str_equal (words[i], domain + strlen (prefix))))
      return TRUE;

  return FALSE;
}

gboolean
bobbin_log_shows (const char    *domain,
                  GLogLevelFlags level)
{
  gboolean is_ours = domain != NULL && g_str_has_prefix (domain, "bobbin");

  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE))
    return TRUE;
  if (is_ours && (g_atomic_int_get (&is_verbose) || list_has (g_getenv ("BOBBIN_DEBUG"), domain, "bobbin-")))
    return TRUE;

  return list_has (g_getenv ("G_MESSAGES_DEBUG"), domain != NULL ? domain : "", "");
}

static char *
dup_field (const GLogField *fields,
           gsize            n_fields,
           const char      *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].length < 0 ? g_strdup (fields[i].value) : g_strndup (fields[i].value, (gsize) fields[i].length);

  return NULL;
}

static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  g_autofree char *domain = dup_field (fields, n_fields, "GLIB_DOMAIN");
  g_autofree char *message = NULL;
  g_autofree char *clean = NULL;
  g_autoptr(GDateTime) now = NULL;
  g_autofree char *time = NULL;

  if (!bobbin_log_shows (domain, level))
    return G_LOG_WRITER_HANDLED;

  message = dup_field (fields, n_fields, "MESSAGE");
  clean = bobbin_redact (message != NULL ? message : "");
  now = g_date_time_new_now_local ();
  time = g_date_time_format (now, "%H:%M:%S");
  fprintf (stderr, "%s.%03d %s %s: %s\n", time, g_date_time_get_microsecond (now) / 1000,
           domain != NULL ? domain : "-", level_name (level), clean);
  fflush (stderr);

  return G_LOG_WRITER_HANDLED;
}

void
bobbin_log_init (void)
{
  g_log_set_writer_func (write_log, NULL, NULL);
}

void
bobbin_log_set_verbose (gboolean verbose)
{
  g_atomic_int_set (&is_verbose, verbose);
}
