#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-dictionary.h"

#include "util/bobbin-json.h"

#include <glib/gi18n.h>
#include <string.h>

#if HAVE_ENCHANT
#include <enchant.h>

struct _BobbinDictionary
{
  EnchantBroker *broker;
  EnchantDict   *dict;
};

BobbinDictionary *
bobbin_dictionary_new (const char *language)
{
  BobbinDictionary *self = g_new0 (BobbinDictionary, 1);

  self->broker = enchant_broker_init ();
  self->dict = enchant_broker_request_dict (self->broker, language);
  if (self->dict == NULL)
    {
      g_debug ("There is no dictionary for %s", language);
      g_clear_pointer (&self, bobbin_dictionary_free);
    }

  return self;
}

void
bobbin_dictionary_free (BobbinDictionary *self)
{
  if (self->dict != NULL)
    enchant_broker_free_dict (self->broker, self->dict);
  enchant_broker_free (self->broker);
  g_free (self);
}

/* An error of the dictionary is no fault of the word. */
gboolean
bobbin_dictionary_knows (BobbinDictionary *self,
                         const char       *word)
{
  return *word == '\0' || enchant_dict_check (self->dict, word, (gssize) strlen (word)) <= 0;
}

GStrv
bobbin_dictionary_suggest (BobbinDictionary *self,
                           const char       *word)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  size_t n = 0;
  char **words = *word != '\0' ? enchant_dict_suggest (self->dict, word, (gssize) strlen (word), &n) : NULL;

  for (size_t i = 0; words != NULL && i < n; i++)
    if (g_utf8_validate (words[i], -1, NULL))
      g_strv_builder_add (builder, words[i]);
  if (words != NULL)
    enchant_dict_free_string_list (self->dict, words);

  return g_strv_builder_end (builder);
}

void
bobbin_dictionary_add (BobbinDictionary *self,
                       const char       *word)
{
  if (*word != '\0')
    enchant_dict_add (self->dict, word, (gssize) strlen (word));
}

void
bobbin_dictionary_ignore (BobbinDictionary *self,
                          const char       *word)
{
  if (*word != '\0')
    enchant_dict_add_to_session (self->dict, word, (gssize) strlen (word));
}

static void
list_cb (const char *tag,
         const char *provider,
         const char *description,
         const char *file,
         void       *user_data)
{
  GPtrArray *tags = user_data;

  if (!g_ptr_array_find_with_equal_func (tags, tag, g_str_equal, NULL))
    g_ptr_array_add (tags, g_strdup (tag));
}

static int
compare_tags (gconstpointer a,
              gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GStrv
bobbin_dictionary_list_languages (void)
{
  g_autoptr(GPtrArray) tags = g_ptr_array_new ();
  EnchantBroker *broker = enchant_broker_init ();

  enchant_broker_list_dicts (broker, list_cb, tags);
  enchant_broker_free (broker);
  g_ptr_array_sort (tags, compare_tags);
  g_ptr_array_add (tags, NULL);

  return (GStrv) g_ptr_array_steal (tags, NULL);
}

#else

BobbinDictionary *
bobbin_dictionary_new (const char *language)
{
  return NULL;
}

void
bobbin_dictionary_free (BobbinDictionary *self)
{
}

gboolean
bobbin_dictionary_knows (BobbinDictionary *self,
                         const char       *word)
{
  return TRUE;
}

GStrv
bobbin_dictionary_suggest (BobbinDictionary *self,
                           const char       *word)
{
  return g_new0 (char *, 1);
}

void
bobbin_dictionary_add (BobbinDictionary *self,
                       const char       *word)
{
}

void
bobbin_dictionary_ignore (BobbinDictionary *self,
                          const char       *word)
{
}

GStrv
bobbin_dictionary_list_languages (void)
{
  return g_new0 (char *, 1);
}

#endif

/* Of the languages of the desktop the first that has a dictionary, of its own region or another: "de" takes "de_DE". */
char *
bobbin_dictionary_dup_default (void)
{
  const char *const *wanted = g_get_language_names ();
  g_auto(GStrv) there = bobbin_dictionary_list_languages ();

  for (guint i = 0; wanted[i] != NULL; i++)
    {
      size_t length = strcspn (wanted[i], ".@");
      g_autofree char *tag = g_strndup (wanted[i], length);

      if (g_str_equal (tag, "C") || g_str_equal (tag, "POSIX"))
        continue;
      if (g_strv_contains ((const char *const *) there, tag))
        return g_steal_pointer (&tag);
      for (guint j = 0; there[j] != NULL; j++)
        if (strchr (tag, '_') == NULL && g_str_has_prefix (there[j], tag) && there[j][length] == '_')
          return g_strdup (there[j]);
    }
  /* The program's own language, where the desktop has none of which there is a dictionary. */
  for (guint j = 0; there[j] != NULL; j++)
    if (g_str_equal (there[j], "en_US") || g_str_equal (there[j], "en_GB"))
      return g_strdup (there[j]);

  return NULL;
}

/* The names of the package iso-codes: @domain is "639-2" or "3166-1". Returns: (nullable) (transfer full) */
static JsonObject *
read_iso_names (const char *domain)
{
  g_autofree char *file = g_strdup_printf ("iso_%s.json", domain);
  const char *const *dirs = g_get_system_data_dirs ();

  for (guint i = 0; dirs[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (dirs[i], "iso-codes", "json", file, NULL);
      g_autofree char *data = NULL;

      if (g_file_get_contents (path, &data, NULL, NULL))
        return bobbin_json_parse_object (data, -1, NULL);
    }

  return NULL;
}

/* @names: (nullable). Returns: (nullable) (transfer full) */
static char *
dup_iso_name (JsonObject *names,
              const char *domain,
              const char *code)
{
  g_autofree char *text_domain = g_strconcat ("iso_", domain, NULL);
  JsonArray *rows = names != NULL ? bobbin_json_get_array (names, domain) : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonNode *node = json_array_get_element (rows, i);
      JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = row != NULL ? bobbin_json_get_string (row, "name") : NULL;

      if (name == NULL || g_strcmp0 (bobbin_json_get_string (row, "alpha_2"), code) != 0)
        continue;
      bind_textdomain_codeset (text_domain, "UTF-8");
      return g_strdup (g_dgettext (text_domain, name));
    }

  return NULL;
}

static char *
dup_name (JsonObject *languages,
          JsonObject *regions,
          const char *tag)
{
  g_auto(GStrv) parts = g_strsplit (tag, "_", 2);
  g_autofree char *name = parts[0] != NULL ? dup_iso_name (languages, "639-2", parts[0]) : NULL;
  g_autofree char *region = name != NULL && parts[1] != NULL ? dup_iso_name (regions, "3166-1", parts[1]) : NULL;

  if (name == NULL)
    return g_strdup (tag);
  if (parts[1] == NULL)
    return g_steal_pointer (&name);

  /* Translators: a language and where it is spoken: “German (Austria)”. */
  return g_strdup_printf (C_("language and region", "%1$s (%2$s)"), name, region != NULL ? region : parts[1]);
}

GStrv
bobbin_dictionary_dup_names (const char *const *languages)
{
  g_autoptr(JsonObject) language_names = read_iso_names ("639-2");
  g_autoptr(JsonObject) region_names = read_iso_names ("3166-1");
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; languages[i] != NULL; i++)
    {
      g_autofree char *name = dup_name (language_names, region_names, languages[i]);

      g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}
