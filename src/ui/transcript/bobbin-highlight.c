#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-highlight.h"

#include <gtksourceview/gtksource.h>
#include <math.h>
#include <string.h>

#define SLICE_US    (6 * 1000)
#define SLICE_LINES 20
#define BYTES_MAX   (512 * 1024)
#define LOOK_BYTES  400
#define LIGHT_GROUND 0xeded /* of a code card */
#define DARK_GROUND  0x3131

struct _BobbinHighlight
{
  /* owned */
  char                *name;   /* (nullable) of the language, as it came */
  GtkSourceBuffer     *buffer; /* (nullable) before its turn */
  char                *code;
  GArray              *spans;  /* of BobbinFlowSpan */
  GHashTable          *styles; /* GtkTextTag, borrowed → Style */
  BobbinHighlightDone  done;
  gpointer             user_data;
  BobbinHighlightLook  look;
  guint                idle_id;
  int                  line;   /* up to here it is read */
  int                  at;     /* characters read */
  const char          *byte;   /* of @code: the same place */
};

/* GtkSourceView knows one set of languages a process, and reading the files of one takes longer than a frame may: they are read in
 * a thread. One piece of code is worked on at a time, first there and then here, so that never two threads are in the library. */
static struct
{
  GQueue           waiting; /* of BobbinHighlight, borrowed */
  BobbinHighlight *current; /* borrowed; NULL while @busy: given up */
  gboolean         busy;
  GHashTable      *kept;    /* id → GtkSourceBuffer, empty: a language stays loaded as long as a buffer uses it */
} work = { G_QUEUE_INIT, NULL, FALSE, NULL };

static const struct { const char *name; const char *id; } aliases[] = {
  { "bash", "sh" }, { "c#", "c-sharp" }, { "c++", "cpp" }, { "console", "sh" }, { "cs", "c-sharp" }, { "csharp", "c-sharp" },
  { "docker", "dockerfile" }, { "golang", "go" }, { "hpp", "cpp" }, { "htm", "html" }, { "javascript", "js" },
  { "jsonc", "json" }, { "kt", "kotlin" }, { "make", "makefile" }, { "md", "markdown" }, { "objective-c", "objc" },
  { "patch", "diff" }, { "pl", "perl" }, { "ps1", "powershell" }, { "py", "python" }, { "python", "python3" },
  { "py3", "python3" }, { "rb", "ruby" }, { "rs", "rust" }, { "shell", "sh" }, { "svg", "xml" }, { "tex", "latex" },
  { "ts", "typescript" }, { "tsx", "typescript-jsx" }, { "yml", "yaml" }, { "zsh", "sh" },
};

static const struct { const char *sign; const char *id; } signs[] = {
  { "diff --git ", "diff" }, { "<?xml", "xml" }, { "<!doctype html", "html" }, { "<html", "html" }, { "<?php", "php" },
  { "#include ", "c" }, { "select ", "sql" }, { "create table ", "sql" }, { "insert into ", "sql" }, { "#!/bin/sh", "sh" },
  { "#!/bin/bash", "sh" }, { "$ ", "sh" }, { "package main", "go" }, { "using system", "c-sharp" }, { "def ", "python3" },
  { "import ", "python3" }, { "from ", "python3" }, { "fn ", "rust" }, { "use std::", "rust" }, { "function ", "js" },
  { "const ", "js" }, { "let ", "js" }, { "public class ", "java" }, { "{\n", "json" }, { "[{", "json" }, { "{\"", "json" },
  { "#!/usr/bin/env python", "python3" }, { "#!/usr/bin/python", "python3" },
};

static const char *
known_id (const char *id)
{
  GtkSourceLanguageManager *manager = gtk_source_language_manager_get_default ();
  GtkSourceLanguage *language = id != NULL ? gtk_source_language_manager_get_language (manager, id) : NULL;

  return language != NULL ? gtk_source_language_get_id (language) : NULL;
}

const char *
bobbin_highlight_guess (const char *code)
{
  g_autofree char *start = g_strndup (code, LOOK_BYTES);
  g_autofree char *lower = g_ascii_strdown (start, -1);

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (g_strchug (lower), signs[i].sign))
      return signs[i].id;

  return NULL;
}

const char *
bobbin_highlight_language (const char *name,
                           const char *code)
{
  g_autofree char *lower = NULL;
  g_autofree char *file = NULL;
  GtkSourceLanguage *language;

  if (name == NULL || *name == '\0')
    return known_id (bobbin_highlight_guess (code));

  lower = g_ascii_strdown (name, -1);
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (strcmp (lower, aliases[i].name) == 0 && known_id (aliases[i].id) != NULL)
      return known_id (aliases[i].id);
  if (known_id (lower) != NULL)
    return known_id (lower);

  file = g_strconcat ("code.", lower, NULL);
  language = gtk_source_language_manager_guess_language (gtk_source_language_manager_get_default (), file, NULL);
  return language != NULL ? gtk_source_language_get_id (language) : NULL;
}

static guint16
channel (float value)
{
  return (guint16) (CLAMP (value, 0, 1) * 65535);
}

static double
linear (guint16 value)
{
  double v = value / 65535.0;

  return v <= 0.03928 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

/* As WCAG 2 counts it. */
static double
luminance (PangoColor color)
{
  return 0.2126 * linear (color.red) + 0.7152 * linear (color.green) + 0.0722 * linear (color.blue);
}

double
bobbin_highlight_contrast (PangoColor          color,
                           BobbinHighlightLook look)
{
  guint16 level = look & BOBBIN_HIGHLIGHT_DARK ? DARK_GROUND : LIGHT_GROUND;
  double ground = luminance ((PangoColor) { level, level, level });
  double own = luminance (color);

  return (MAX (own, ground) + 0.05) / (MIN (own, ground) + 0.05);
}

static guint16
towards (guint16 from,
         guint16 to,
         double  part)
{
  return (guint16) (from + (to - from) * part);
}

PangoColor
bobbin_highlight_readable (PangoColor          color,
                           BobbinHighlightLook look)
{
  double least = look & BOBBIN_HIGHLIGHT_CONTRAST ? 7 : 4.5;
  guint16 end = look & BOBBIN_HIGHLIGHT_DARK ? G_MAXUINT16 : 0;
  PangoColor result = color;

  for (int i = 1; i <= 20 && bobbin_highlight_contrast (result, look) < least; i++)
    result = (PangoColor) { towards (color.red, end, i / 20.0), towards (color.green, end, i / 20.0), towards (color.blue, end, i / 20.0) };

  return result;
}

/* What a tag says. */
typedef struct
{
  PangoColor color;
  gboolean   colored;
  gboolean   weight_set;
  gboolean   bold;
  gboolean   style_set;
  gboolean   italic;
} Style;

static Style *
style_new (GtkTextTag          *tag,
           BobbinHighlightLook  look)
{
  Style *style = g_new0 (Style, 1);
  g_autoptr(GdkRGBA) color = NULL;
  gboolean color_set;
  int weight;
  PangoStyle slant;

  g_object_get (tag, "foreground-set", &color_set, "foreground-rgba", &color, "weight-set", &style->weight_set, "weight", &weight,
                "style-set", &style->style_set, "style", &slant, NULL);
  if (color_set && color != NULL)
    {
      style->color = (PangoColor) { channel (color->red), channel (color->green), channel (color->blue) };
      style->color = bobbin_highlight_readable (style->color, look);
      style->colored = TRUE;
    }
  style->bold = weight >= PANGO_WEIGHT_BOLD;
  style->italic = slant == PANGO_STYLE_ITALIC;

  return style;
}

/* Code has thousands of places with a tag, of some dozens that there are. */
static void
read_tag (BobbinHighlight *self,
          GtkTextTag      *tag,
          BobbinFlowSpan  *span)
{
  Style *style = g_hash_table_lookup (self->styles, tag);

  if (style == NULL)
    {
      style = style_new (tag, self->look);
      g_hash_table_insert (self->styles, tag, style);
    }

  if (style->colored)
    {
      span->color = style->color;
      span->colored = TRUE;
    }
  if (style->weight_set)
    span->bold = style->bold;
  if (style->style_set)
    span->italic = style->italic;
}

static guint
byte_at (BobbinHighlight   *self,
         const GtkTextIter *iter)
{
  int at = gtk_text_iter_get_offset (iter);

  self->byte = g_utf8_offset_to_pointer (self->byte, at - self->at);
  self->at = at;

  return (guint) (self->byte - self->code);
}

static void
read_spans (BobbinHighlight *self,
            GtkTextIter      iter,
            GtkTextIter      end)
{
  while (gtk_text_iter_compare (&iter, &end) < 0)
    {
      GSList *tags = gtk_text_iter_get_tags (&iter);
      BobbinFlowSpan span = { .start = byte_at (self, &iter) };
      GtkTextIter next = iter;

      for (GSList *l = tags; l != NULL; l = l->next)
        read_tag (self, l->data, &span);
      g_slist_free (tags);
      if (!gtk_text_iter_forward_to_tag_toggle (&next, NULL) || gtk_text_iter_compare (&next, &end) > 0)
        next = end;
      span.end = byte_at (self, &next);
      if (span.colored || span.bold || span.italic)
        g_array_append_val (self->spans, span);
      iter = next;
    }
}

static void work_on (void);

static gboolean
slice_cb (gpointer user_data)
{
  BobbinHighlight *self = user_data;
  gint64 until = g_get_monotonic_time () + SLICE_US;
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  int n_lines = gtk_text_buffer_get_line_count (buffer);

  do
    {
      GtkTextIter start;
      GtkTextIter end;

      gtk_text_buffer_get_iter_at_line (buffer, &start, self->line);
      gtk_text_buffer_get_iter_at_line (buffer, &end, MIN (self->line + SLICE_LINES, n_lines - 1));
      if (self->line + SLICE_LINES >= n_lines)
        gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_source_buffer_ensure_highlight (self->buffer, &start, &end);
      read_spans (self, start, end);
      self->line += SLICE_LINES;
    }
  while (self->line < n_lines && g_get_monotonic_time () < until);

  if (self->line < n_lines)
    return G_SOURCE_CONTINUE;

  self->idle_id = 0;
  g_clear_object (&self->buffer);
  work.current = NULL;
  work.busy = FALSE;
  self->done (self->spans, self->user_data);
  work_on ();
  return G_SOURCE_REMOVE;
}

/* What a language takes to be ready. */
typedef struct
{
  char            *name;
  char            *code;
  gboolean         dark;
  const char      *id;     /* (nullable) (out) */
  GtkSourceBuffer *keep;   /* (nullable) (out) */
} Loading;

static void
loading_free (gpointer data)
{
  Loading *loading = data;

  g_free (loading->name);
  g_free (loading->code);
  g_clear_object (&loading->keep);
  g_free (loading);
}

static GtkSourceLanguage *
language_of (const char *id)
{
  return gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), id);
}

static GtkSourceStyleScheme *
scheme_of (gboolean dark)
{
  return gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (),
                                                     dark ? "Adwaita-dark" : "Adwaita");
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Loading *loading = data;

  scheme_of (loading->dark);
  loading->id = bobbin_highlight_language (loading->name, loading->code);
  if (loading->id != NULL && !g_hash_table_contains (work.kept, loading->id))
    loading->keep = gtk_source_buffer_new_with_language (language_of (loading->id));
  g_task_return_boolean (task, TRUE);
}

static void
begin_slices (BobbinHighlight *self,
              const char      *id)
{
  self->buffer = gtk_source_buffer_new_with_language (language_of (id));
  gtk_source_buffer_set_highlight_matching_brackets (self->buffer, FALSE);
  gtk_source_buffer_set_style_scheme (self->buffer, scheme_of ((self->look & BOBBIN_HIGHLIGHT_DARK) != 0));
  gtk_text_buffer_set_enable_undo (GTK_TEXT_BUFFER (self->buffer), FALSE);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self->buffer), self->code, -1);
  self->idle_id = g_idle_add (slice_cb, self);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Loading *loading = g_task_get_task_data (G_TASK (result));

  if (loading->keep != NULL)
    g_hash_table_insert (work.kept, g_strdup (loading->id), g_steal_pointer (&loading->keep));
  if (work.current != NULL && loading->id != NULL)
    {
      begin_slices (work.current, loading->id);
      return;
    }

  work.current = NULL;
  work.busy = FALSE;
  work_on ();
}

/* The next one, unless one is under way. */
static void
work_on (void)
{
  g_autoptr(GTask) task = NULL;
  Loading *loading;

  if (work.busy || g_queue_is_empty (&work.waiting))
    return;

  if (work.kept == NULL)
    work.kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  work.busy = TRUE;
  work.current = g_queue_pop_head (&work.waiting);
  loading = g_new0 (Loading, 1);
  loading->name = g_strdup (work.current->name);
  loading->code = g_strndup (work.current->code, LOOK_BYTES);
  loading->dark = (work.current->look & BOBBIN_HIGHLIGHT_DARK) != 0;
  task = g_task_new (NULL, NULL, loaded_cb, NULL);
  g_task_set_source_tag (task, work_on);
  g_task_set_task_data (task, loading, loading_free);
  g_task_run_in_thread (task, load_thread);
}

static gboolean
is_too_long (const char *code)
{
  guint n_lines = 0;

  if (strlen (code) > BYTES_MAX)
    return TRUE;
  for (const char *p = code; (p = strchr (p, '\n')) != NULL; p++)
    n_lines++;

  return n_lines >= BOBBIN_HIGHLIGHT_LINES_MAX;
}

BobbinHighlight *
bobbin_highlight_new (const char          *code,
                      const char          *language,
                      BobbinHighlightLook  look,
                      BobbinHighlightDone  done,
                      gpointer             user_data)
{
  BobbinHighlight *self;

  if (is_too_long (code))
    return NULL;

  self = g_new0 (BobbinHighlight, 1);
  self->name = g_strdup (language);
  self->look = look;
  self->code = g_strdup (code);
  self->byte = self->code;
  self->done = done;
  self->user_data = user_data;
  self->spans = g_array_new (FALSE, FALSE, sizeof (BobbinFlowSpan));
  self->styles = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_queue_push_tail (&work.waiting, self);
  work_on ();

  return self;
}

void
bobbin_highlight_free (BobbinHighlight *self)
{
  if (self == NULL)
    return;

  g_queue_remove (&work.waiting, self);
  if (work.current == self)
    {
      work.current = NULL;
      /* what is being loaded for it is waited for */
      work.busy = self->buffer == NULL;
    }
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_object (&self->buffer);
  g_array_unref (self->spans);
  g_hash_table_unref (self->styles);
  g_free (self->name);
  g_free (self->code);
  g_free (self);
  work_on ();
}
