#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-import-reader.h"

#include "export/bobbin-archive.h"
#include "model/bobbin-block.h"
#include "util/bobbin-error.h"
#include "util/bobbin-folder.h"
#include "util/bobbin-json-stream.h"
#include "util/bobbin-json.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ASSET_MIN  8                    /* characters of an id that is looked for among names */
#define TEXT_MAX   (512 * 1024 * 1024)  /* bytes of a conversation */
#define HASH_CHARS 64

struct _BobbinImportReader
{
  /* owned */
  char              *path;
  char              *name;
  char              *dir;       /* temporary */
  int                fd;        /* of what is no archive */
  BobbinArchive     *zip;       /* (nullable) */
  BobbinJsonStream  *stream;    /* (nullable): of the file that is read now */
  gboolean           in_list;   /* it is in an array of conversations */
  gboolean           in_object; /* which is a member of an object */
  BobbinImportKind   kind;
  guint64            size;
  gint64             written_us; /* when the file was */
  guint64            at;
  guint              n_found;
  gboolean           opened;    /* the one file of what is no archive */
  GCancellable      *cancellable;
  /* borrowed */
  const BobbinImportPlace *place;
};

static gssize
read_plain (gpointer  source,
            void     *buffer,
            gsize     length,
            GError  **error)
{
  BobbinImportReader *self = source;
  gssize n;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return -1;
  do
    n = read (self->fd, buffer, length);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("“%1$s” could not be read to its end (%2$s)"), self->name, g_strerror (errno));
  else
    self->at += (guint64) n;

  return n;
}

static gssize
read_zip (gpointer  source,
          void     *buffer,
          gsize     length,
          GError  **error)
{
  BobbinImportReader *self = source;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return -1;

  self->at = bobbin_archive_get_position (self->zip);
  return bobbin_archive_read (self->zip, buffer, length, error);
}

static gboolean
open_file (BobbinImportReader *self,
           GError            **error)
{
  char head[4] = "";
  struct stat about;
  gssize n;

  self->fd = g_open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
  if (self->fd < 0 || fstat (self->fd, &about) != 0)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("“%1$s” cannot be read (%2$s): choose another file"), self->name, g_strerror (errno));
      return FALSE;
    }
  if (!S_ISREG (about.st_mode))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("“%s” is no ordinary file: choose another one"), self->name);
      return FALSE;
    }
  self->size = (guint64) about.st_size;
  self->written_us = (gint64) about.st_mtim.tv_sec * G_USEC_PER_SEC;
  n = pread (self->fd, head, sizeof head, 0);
  if (n == sizeof head && memcmp (head, "PK\003\004", sizeof head) == 0)
    {
      self->zip = bobbin_archive_open (self->path, error);
      if (self->zip == NULL)
        return FALSE;
    }

  return TRUE;
}

/* A backup has its mark first. */
static gboolean
look_for_mark (BobbinImportReader *self,
               GError            **error)
{
  g_autoptr(BobbinArchive) zip = bobbin_archive_open (self->path, error);
  g_autoptr(GError) local_error = NULL;
  const char *first = zip != NULL ? bobbin_archive_next (zip, &local_error) : NULL;

  if (zip == NULL)
    return FALSE;
  if (g_strcmp0 (first, BOBBIN_BACKUP_MARK) == 0)
    self->kind = BOBBIN_IMPORT_BACKUP;

  return TRUE;
}

BobbinImportReader *
bobbin_import_reader_open (const char               *path,
                           const BobbinImportPlace  *place,
                           GError                  **error)
{
  g_autoptr(BobbinImportReader) self = g_new0 (BobbinImportReader, 1);

  self->fd = -1;
  self->path = g_strdup (path);
  self->name = g_filename_display_basename (path);
  self->place = place;
  if (!open_file (self, error) || (self->zip != NULL && !look_for_mark (self, error)))
    return NULL;
  self->dir = g_dir_make_tmp ("bobbin-import-XXXXXX", error);
  if (self->dir == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
bobbin_import_reader_free (BobbinImportReader *self)
{
  g_clear_pointer (&self->stream, bobbin_json_stream_free);
  g_clear_pointer (&self->zip, bobbin_archive_free);
  if (self->fd >= 0)
    close (self->fd);
  if (self->dir != NULL)
    bobbin_folder_remove (self->dir);
  g_free (self->path);
  g_free (self->name);
  g_free (self->dir);
  g_free (self);
}

BobbinImportKind
bobbin_import_reader_get_kind (BobbinImportReader *self)
{
  return self->kind;
}

void
bobbin_import_reader_get_position (BobbinImportReader *self,
                                   guint64            *ret_at,
                                   guint64            *ret_size)
{
  *ret_at = MIN (self->at, self->size);
  *ret_size = self->size;
}

/* The next file with JSON in it. FALSE without error: there is none. */
static gboolean
open_stream (BobbinImportReader *self,
             GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  const char *name;

  if (self->zip == NULL)
    {
      if (!self->opened)
        self->stream = bobbin_json_stream_new (read_plain, self);
      self->opened = TRUE;
      return self->stream != NULL;
    }

  while ((name = bobbin_archive_next (self->zip, &local_error)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      {
        self->stream = bobbin_json_stream_new (read_zip, self);
        return TRUE;
      }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
close_stream (BobbinImportReader *self)
{
  g_clear_pointer (&self->stream, bobbin_json_stream_free);
  self->in_list = FALSE;
  self->in_object = FALSE;
}

static gboolean
take_messages (BobbinImportReader *self,
               BobbinImportThread *thread,
               GError            **error)
{
  int more;

  if (!bobbin_json_stream_enter (self->stream, error))
    return FALSE;
  while ((more = bobbin_json_stream_next (self->stream, NULL, error)) > 0)
    {
      g_autoptr(JsonNode) node = bobbin_json_stream_take (self->stream, BOBBIN_IMPORT_VALUE_MAX, error);

      if (node == NULL)
        return FALSE;
      if (JSON_NODE_HOLDS_OBJECT (node) && !bobbin_import_json_message (thread, json_node_get_object (node), error))
        return FALSE;
      if (thread->text_bytes > TEXT_MAX)
        {
          g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "A conversation is too large");
          return FALSE;
        }
    }

  return more == 0;
}

/* "file-AbC123-sunset.png" is the file with the id "file-AbC123". */
static BobbinImportFile *
find_wanted (BobbinImportThread *thread,
             const char         *name)
{
  g_autofree char *base = g_path_get_basename (name);

  for (guint i = 0; i < thread->files->len; i++)
    {
      BobbinImportFile *file = thread->files->pdata[i];
      gsize length = strlen (file->name);

      if (file->path == NULL && length >= ASSET_MIN && strncmp (base, file->name, length) == 0 && !g_ascii_isalnum (base[length]))
        return file;
    }

  return NULL;
}

static void
name_file (BobbinImportFile *file,
           const char       *entry)
{
  g_autofree char *base = g_path_get_basename (entry);
  const char *rest = base + strlen (file->name);
  g_autoptr(JsonObject) about = bobbin_json_parse_object (bobbin_block_get_data (file->block), -1, NULL);
  const char *told = about != NULL ? bobbin_json_get_string (about, "name") : NULL;
  g_autofree char *name = g_strdup (told != NULL ? told : *rest == '-' && rest[1] != '\0' ? rest + 1 : base);
  guchar head[512];
  int fd = g_open (file->path, O_RDONLY | O_CLOEXEC, 0);
  gssize n = fd >= 0 ? read (fd, head, sizeof head) : 0;

  if (fd >= 0)
    close (fd);
  if (file->content_type == NULL)
    {
      g_autofree char *type = g_content_type_guess (name, head, (gsize) MAX (n, 0), NULL);

      file->content_type = g_content_type_get_mime_type (type);
    }
  g_free (file->name);
  file->name = g_steal_pointer (&name);
  bobbin_block_set_data (file->block, NULL);
}

/* The files that a conversation of ChatGPT's names, out of the archive. */
static gboolean
fetch_assets (BobbinImportReader *self,
              BobbinImportThread *thread,
              GError            **error)
{
  g_autoptr(BobbinArchive) zip = NULL;
  g_autoptr(GError) local_error = NULL;
  const char *name;

  if (self->zip != NULL && thread->files->len > 0 && (zip = bobbin_archive_open (self->path, error)) == NULL)
    return FALSE;
  while (zip != NULL && (name = bobbin_archive_next (zip, &local_error)) != NULL)
    {
      BobbinImportFile *file = find_wanted (thread, name);
      g_autofree char *path = g_strdup_printf ("%s/%08x%08x", self->dir, g_random_int (), g_random_int ());

      if (file == NULL)
        continue;
      if (!bobbin_archive_extract (zip, path, BOBBIN_IMPORT_FILE_MAX, self->cancellable, error))
        return FALSE;
      file->path = g_steal_pointer (&path);
      name_file (file, name);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* What is not there stays as it was told. */
  for (guint i = thread->files->len; i > 0; i--)
    if (((BobbinImportFile *) thread->files->pdata[i - 1])->path == NULL)
      g_ptr_array_remove_index (thread->files, i - 1);

  return TRUE;
}

static gboolean
is_list (const char *name)
{
  return g_str_equal (name, "threads") || g_str_equal (name, "conversations");
}

/* The object that is here. *@ret_thread stays NULL where it is no conversation. */
static gboolean
read_object (BobbinImportReader  *self,
             BobbinImportThread **ret_thread,
             GError             **error)
{
  g_autoptr(BobbinImportThread) thread = bobbin_import_thread_new (self->dir);
  g_autoptr(JsonObject) about = json_object_new ();
  gboolean has_messages = FALSE;
  g_autofree char *name = NULL;
  int more;

  thread->last_us = self->written_us;
  if (!bobbin_json_stream_enter (self->stream, error))
    return FALSE;
  while ((more = bobbin_json_stream_next (self->stream, &name, error)) > 0)
    {
      char c = bobbin_json_stream_peek (self->stream, error);
      gboolean array = c == '[';

      if (c == 0)
        return FALSE;
      if (array && !self->in_list && !has_messages && is_list (name))
        {
          self->in_list = TRUE;
          self->in_object = TRUE;
          return bobbin_json_stream_enter (self->stream, error);
        }
      if (array && g_str_equal (name, "messages"))
        {
          has_messages = TRUE;
          if (!take_messages (self, thread, error))
            return FALSE;
        }
      else
        {
          JsonNode *node = bobbin_json_stream_take (self->stream, BOBBIN_IMPORT_VALUE_MAX, error);

          if (node == NULL)
            return FALSE;
          json_object_set_member (about, name, node);
        }
      g_clear_pointer (&name, g_free);
    }
  if (more < 0)
    return FALSE;

  if (bobbin_import_is_chatgpt (about))
    {
      if (!bobbin_import_chatgpt (thread, about, self->place, error) || !fetch_assets (self, thread, error))
        return FALSE;
    }
  else if (has_messages)
    {
      if (!bobbin_import_json_thread (thread, about, self->place, error))
        return FALSE;
      bobbin_import_json_end (thread);
    }
  else
    {
      return TRUE;
    }

  *ret_thread = g_steal_pointer (&thread);
  return TRUE;
}

/* One step through the stream. */
static gboolean
read_on (BobbinImportReader  *self,
         BobbinImportThread **ret_thread,
         GError             **error)
{
  char c;
  int more;

  if (!self->in_list)
    {
      c = bobbin_json_stream_peek (self->stream, error);
      if (c == '[')
        {
          self->in_list = TRUE;
          return bobbin_json_stream_enter (self->stream, error);
        }
      if (c == '{')
        {
          if (!read_object (self, ret_thread, error))
            return FALSE;
          if (!self->in_list)
            close_stream (self);
          return TRUE;
        }
      if (c != 0)
        g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "Not JSON: an object or an array was expected");
      return FALSE;
    }

  more = bobbin_json_stream_next (self->stream, NULL, error);
  if (more < 0)
    return FALSE;
  if (more > 0)
    {
      c = bobbin_json_stream_peek (self->stream, error);
      return c == '{' ? read_object (self, ret_thread, error) : c != 0 && bobbin_json_stream_skip (self->stream, error);
    }

  /* What follows the list in its object has to be JSON, too, or the file is cut. */
  while (self->in_object && (more = bobbin_json_stream_next (self->stream, NULL, error)) > 0)
    if (!bobbin_json_stream_skip (self->stream, error))
      return FALSE;
  close_stream (self);

  return more == 0;
}

/* The words of a parser mean nothing to a person. */
static void
explain (BobbinImportReader *self,
         GError            **error,
         GError             *local_error)
{
  if (g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL))
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                 /* Translators: the name of a file, then in English what is wrong with it. */
                 _("“%1$s” is damaged, or no export of conversations (%2$s): choose another file"), self->name, local_error->message);
  else if (g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE))
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                 _("“%1$s” has a part that is too large to be read (%2$s): export less at once"), self->name, local_error->message);
  else
    {
      g_propagate_error (error, local_error);
      return;
    }
  g_error_free (local_error);
}

BobbinImportThread *
bobbin_import_reader_next (BobbinImportReader *self,
                           GCancellable       *cancellable,
                           GError            **error)
{
  GError *local_error = NULL;
  BobbinImportThread *thread = NULL;

  self->cancellable = cancellable;
  while (thread == NULL && (self->stream != NULL || open_stream (self, &local_error)))
    if (!read_on (self, &thread, &local_error))
      break;
  self->cancellable = NULL;
  if (local_error != NULL)
    {
      explain (self, error, local_error);
      return NULL;
    }

  if (thread != NULL)
    self->n_found++;
  else if (self->n_found == 0)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there are no conversations in “%s”: choose another file"), self->name);

  return thread;
}

static gboolean
is_hash (const char *text)
{
  for (guint i = 0; i < HASH_CHARS; i++)
    if (!g_ascii_isxdigit (text[i]))
      return FALSE;

  return text[HASH_CHARS] == '\0';
}

gboolean
bobbin_import_reader_unpack (BobbinImportReader *self,
                             const char         *dir,
                             GCancellable       *cancellable,
                             GError            **error)
{
  g_autofree char *files = g_build_filename (dir, "attachments", NULL);
  g_autoptr(GError) local_error = NULL;
  gboolean has_database = FALSE;
  const char *name;

  if (g_mkdir (files, 0700) != 0)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_FILE, _("the archive could not be unpacked (%s): make room on the disk"), g_strerror (errno));
      return FALSE;
    }
  while ((name = bobbin_archive_next (self->zip, &local_error)) != NULL)
    {
      g_autofree char *path = NULL;

      if (g_str_equal (name, BOBBIN_BACKUP_DATABASE) && !has_database)
        path = g_build_filename (dir, BOBBIN_BACKUP_DATABASE, NULL);
      else if (g_str_has_prefix (name, BOBBIN_BACKUP_FILES) && is_hash (name + strlen (BOBBIN_BACKUP_FILES)))
        path = g_build_filename (files, name + strlen (BOBBIN_BACKUP_FILES), NULL);
      if (path == NULL)
        continue;
      has_database = has_database || g_str_equal (name, BOBBIN_BACKUP_DATABASE);
      if (!bobbin_archive_extract (self->zip, path, G_MAXUINT64, cancellable, &local_error))
        break;
      self->at = bobbin_archive_get_position (self->zip);
    }
  if (local_error == NULL && !has_database)
    g_set_error (&local_error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("“%s” is a backup without a database: choose another file"), self->name);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
