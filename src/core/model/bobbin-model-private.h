/* Small helpers shared by the model objects. */
#pragma once

#include "util/bobbin-text.h"

#include <glib-object.h>
#include <string.h>

G_BEGIN_DECLS

#define BOBBIN_PARAM_RO             (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define BOBBIN_PARAM_RW             (G_PARAM_WRITABLE | BOBBIN_PARAM_RO)
#define BOBBIN_PARAM_CONSTRUCT      (G_PARAM_CONSTRUCT | BOBBIN_PARAM_RW)
#define BOBBIN_PARAM_CONSTRUCT_ONLY (G_PARAM_CONSTRUCT_ONLY | BOBBIN_PARAM_RW)

/* Stores a copy of @value in *@field; returns whether it differed. */
static inline gboolean
bobbin_replace_string (char      **field,
                       const char *value)
{
  if (g_strcmp0 (*field, value) == 0)
    return FALSE;

  g_free (*field);
  *field = g_strdup (value);
  return TRUE;
}

/* As bobbin_replace_string(), for what strangers call things: one line that cannot turn the text around it. This is the one place
 * where titles and names of agents, tools and files are made fit to be shown. */
static inline gboolean
bobbin_replace_name (char      **field,
                     const char *value)
{
  g_autofree char *clean = value != NULL ? bobbin_text_clean_name (value) : NULL;

  return bobbin_replace_string (field, clean);
}

static inline int
bobbin_find_nick (const char *const *nicks,
                  guint              n_nicks,
                  const char        *nick)
{
  for (guint i = 0; nick != NULL && i < n_nicks; i++)
    if (strcmp (nicks[i], nick) == 0)
      return (int) i;

  return -1;
}

G_END_DECLS
