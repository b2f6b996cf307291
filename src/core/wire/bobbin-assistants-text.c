#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-text.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <string.h>

/* More is no text with notes but an attack. */
#define MAX_NOTES 500
#define MAX_QUOTE 300
#define MAX_NAME 120
#define MAX_LINKS 100 /* to one file */
/* A shorter marker is no marker, and what grows without end is no text. */
#define MIN_MARKER 3
#define MAX_GROWTH (256 * 1024)

struct _BobbinAssistantsSources
{
  JsonArray  *sources;
  GHashTable *numbers; /* file id, else marker → number */
};

static void
note_free (gpointer data)
{
  BobbinAssistantsNote *note = data;

  if (note == NULL)
    return;
  g_free (note->marker);
  g_free (note->file_id);
  g_free (note->quote);
  g_free (note);
}

GPtrArray *
bobbin_assistants_notes_new (void)
{
  return g_ptr_array_new_with_free_func (note_free);
}

static void
fill (BobbinAssistantsNote *note,
      JsonObject           *annotation)
{
  JsonObject *citation = bobbin_json_get_object (annotation, "file_citation");
  JsonObject *path = bobbin_json_get_object (annotation, "file_path");
  JsonObject *file = citation != NULL ? citation : path;
  const char *type = bobbin_json_get_string (annotation, "type");
  const char *marker = bobbin_json_get_string (annotation, "text");

  note->is_path |= path != NULL || g_strcmp0 (type, "file_path") == 0;
  if (marker != NULL && *marker != '\0')
    {
      g_free (note->marker);
      note->marker = g_strdup (marker);
    }
  if (file == NULL)
    return;
  if (bobbin_json_get_string (file, "file_id") != NULL)
    {
      g_free (note->file_id);
      note->file_id = g_strdup (bobbin_json_get_string (file, "file_id"));
    }
  if (bobbin_json_get_string (file, "quote") != NULL)
    {
      g_free (note->quote);
      note->quote = g_strdup (bobbin_json_get_string (file, "quote"));
    }
}

void
bobbin_assistants_notes_take (GPtrArray *notes,
                              JsonArray *annotations)
{
  for (guint i = 0; annotations != NULL && i < json_array_get_length (annotations); i++)
    {
      JsonNode *node = json_array_get_element (annotations, i);
      gint64 index;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      index = bobbin_json_get_int (json_node_get_object (node), "index", notes->len);
      if (index < 0 || index >= MAX_NOTES)
        continue;
      while (notes->len <= (guint) index)
        g_ptr_array_add (notes, g_new0 (BobbinAssistantsNote, 1));
      fill (notes->pdata[index], json_node_get_object (node));
    }
}

/* "grit.txt" of "【4:0†grit.txt】"; NULL where the marker only says "source". */
static char *
dup_cited_name (const char *marker)
{
  const char *dagger = marker != NULL ? strstr (marker, "†") : NULL;
  const char *end;
  g_autofree char *name = NULL;

  if (dagger == NULL)
    return NULL;
  dagger += strlen ("†");
  end = strstr (dagger, "】");
  name = end != NULL ? g_strndup (dagger, (gsize) (end - dagger)) : g_strdup (dagger);
  g_strstrip (name);
  if (*name == '\0' || strcmp (name, "source") == 0)
    return NULL;

  return g_steal_pointer (&name);
}

char *
bobbin_assistants_note_dup_name (const BobbinAssistantsNote *note)
{
  const char *slash = note->marker != NULL ? strrchr (note->marker, '/') : NULL;
  const char *base = slash != NULL ? slash + 1 : note->marker;
  g_autofree char *unescaped = base != NULL ? g_uri_unescape_string (base, NULL) : NULL;
  g_autofree char *clean = NULL;

  if (base != NULL && *base != '\0')
    clean = bobbin_text_clean_name (unescaped != NULL ? unescaped : base);
  if (clean == NULL || *clean == '\0')
    return g_strdup (note->file_id != NULL ? note->file_id : "file");

  return bobbin_text_truncate (clean, MAX_NAME);
}

/* "[a.csv](sandbox:/mnt/data/a.csv)" becomes "a.csv", the bare path its base name. */
static void
replace_path (GString                    *text,
              const BobbinAssistantsNote *note)
{
  g_autofree char *link = g_strconcat ("](", note->marker, ")", NULL);
  g_autofree char *name = bobbin_assistants_note_dup_name (note);
  char *found;

  for (guint i = 0; i < MAX_LINKS && (found = strstr (text->str, link)) != NULL; i++)
    {
      gssize close = found - text->str;
      gssize open = close;

      while (open > 0 && text->str[open] != '[')
        open--;
      g_string_erase (text, close, (gssize) strlen (link));
      if (text->str[open] == '[')
        g_string_erase (text, open, 1);
    }
  g_string_replace (text, note->marker, name, 0);
}

BobbinAssistantsSources *
bobbin_assistants_sources_new (void)
{
  BobbinAssistantsSources *self = g_new0 (BobbinAssistantsSources, 1);

  self->sources = json_array_new ();
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
bobbin_assistants_sources_free (BobbinAssistantsSources *self)
{
  if (self == NULL)
    return;

  json_array_unref (self->sources);
  g_hash_table_unref (self->numbers);
  g_free (self);
}

guint
bobbin_assistants_sources_count (BobbinAssistantsSources *self)
{
  return g_hash_table_size (self->numbers);
}

static void
set_text (JsonObject *object,
          const char *member,
          const char *text,
          guint       max)
{
  g_autofree char *line = text != NULL ? bobbin_text_one_line (text) : NULL;
  g_autofree char *cut = line != NULL && *line != '\0' ? bobbin_text_truncate (line, max) : NULL;

  if (cut != NULL)
    json_object_set_string_member (object, member, cut);
}

static guint
get_number (BobbinAssistantsSources    *self,
            const BobbinAssistantsNote *note)
{
  const char *key = note->file_id != NULL ? note->file_id : note->marker;
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, key));
  g_autofree char *name = NULL;
  JsonObject *source;

  if (number != 0)
    return number;

  number = g_hash_table_size (self->numbers) + 1;
  g_hash_table_insert (self->numbers, g_strdup (key), GUINT_TO_POINTER (number));
  name = dup_cited_name (note->marker);
  source = json_object_new ();
  set_text (source, "title", name != NULL ? name : note->file_id, MAX_NAME);
  if (note->file_id != NULL)
    json_object_set_string_member (source, "file_id", note->file_id);
  set_text (source, "quote", note->quote, MAX_QUOTE);
  json_array_add_object_element (self->sources, source);

  return number;
}

char *
bobbin_assistants_sources_apply (BobbinAssistantsSources *self,
                                 GPtrArray               *notes,
                                 guint                    first,
                                 const char              *text)
{
  GString *out = g_string_new (text);
  gsize max = 2 * out->len + MAX_GROWTH;

  for (guint i = first; i < notes->len; i++)
    {
      const BobbinAssistantsNote *note = notes->pdata[i];
      g_autofree char *number = NULL;
      g_autofree char *spaced = NULL;

      if (note->marker == NULL || strlen (note->marker) < MIN_MARKER || out->len > max)
        continue;
      if (note->is_path)
        {
          replace_path (out, note);
          continue;
        }
      number = g_strdup_printf (" [%u]", get_number (self, note));
      spaced = g_strconcat (" ", note->marker, NULL);
      g_string_replace (out, spaced, number, 0);
      g_string_replace (out, note->marker, number, 0);
    }

  return g_string_free (out, FALSE);
}

char *
bobbin_assistants_sources_to_json (BobbinAssistantsSources *self)
{
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_array_member (object, "sources", json_array_ref (self->sources));

  return bobbin_json_object_to_text (object, FALSE);
}
