/* The schema, as the steps that lead to it. A released step is never edited: a change is a new step at the end, and
 * tests/data/store/ gets a dump of the version before it.
 *
 * threads.folder is computed, so that one index serves each list. The full-text tables hold no text of their own (external
 * content) and are kept by triggers (bobbin-store-index.h), which do nothing unless what can be found changed; they call
 * functions of this program, so only it can write messages. Text that streams in goes to block_chunks, which no trigger watches. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include "util/bobbin-error.h"

#include <errno.h>
#include <glib/gstdio.h>

const char *const _bobbin_schema_index_names[] = { "body_words", "body_grams", "title_words", "title_grams", NULL };

/* What the triggers do; a step that is released never changes, nor do these. */
#define BODY_ADDED \
  " INSERT INTO docs (block_id, message_id, part, plain) SELECT new.id, new.message_id, part, plain FROM" \
  "  (SELECT bobbin_part (new.kind) AS part, bobbin_plain (new.kind, new.text, new.name, new.data, new.result," \
  "   new.attachment_name) AS plain) WHERE part > 0 AND ifnull (plain, new.text) <> '';" \
  " INSERT INTO body_words (rowid, words) SELECT id, words FROM body_docs WHERE block_id = new.id;" \
  " INSERT INTO body_grams (rowid, grams) SELECT id, grams FROM body_docs WHERE block_id = new.id; "
#define BODY_GONE \
  " INSERT INTO body_words (body_words, rowid, words)" \
  "  SELECT 'delete', id, bobbin_words (ifnull (plain, old.text)) FROM docs WHERE block_id = old.id AND part > 0;" \
  " INSERT INTO body_grams (body_grams, rowid, grams)" \
  "  SELECT 'delete', id, bobbin_grams (ifnull (plain, old.text)) FROM docs WHERE block_id = old.id AND part > 0;" \
  " DELETE FROM docs WHERE block_id = old.id; "
#define TITLE_ADDED \
  " INSERT INTO title_words (rowid, words) SELECT new.id, bobbin_words (new.title) WHERE new.title IS NOT NULL;" \
  " INSERT INTO title_grams (rowid, grams) SELECT new.id, bobbin_grams (new.title) WHERE new.title IS NOT NULL; "
#define TITLE_GONE \
  " INSERT INTO title_words (title_words, rowid, words)" \
  "  SELECT 'delete', old.id, bobbin_words (old.title) WHERE old.title IS NOT NULL;" \
  " INSERT INTO title_grams (title_grams, rowid, grams)" \
  "  SELECT 'delete', old.id, bobbin_grams (old.title) WHERE old.title IS NOT NULL; "

static const char *const steps[] = {
  /* 1 */
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"

  "CREATE TABLE accounts ("
  "  id INTEGER PRIMARY KEY, service TEXT NOT NULL, name TEXT NOT NULL, base_url TEXT NOT NULL, agent_id TEXT,"
  "  transport TEXT NOT NULL, allow_plain INTEGER NOT NULL, pinned_certificate TEXT, position INTEGER NOT NULL,"
  "  options TEXT NOT NULL);"

  "CREATE TABLE agents ("
  "  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE, agent_id TEXT NOT NULL, name TEXT, model TEXT,"
  "  position INTEGER NOT NULL, PRIMARY KEY (account_id, agent_id)) WITHOUT ROWID;"

  "CREATE TABLE threads ("
  "  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE, server_id TEXT,"
  "  agent_id TEXT, agent_name TEXT, title TEXT, title_origin TEXT NOT NULL, created_us INTEGER NOT NULL,"
  "  last_used_us INTEGER NOT NULL, expires_us INTEGER NOT NULL, snippet TEXT, pinned INTEGER NOT NULL,"
  "  archived INTEGER NOT NULL, deleted_us INTEGER NOT NULL, unread INTEGER NOT NULL, activity TEXT NOT NULL,"
  "  metadata TEXT NOT NULL, reading_message INTEGER NOT NULL, reading_block INTEGER NOT NULL,"
  "  reading_offset INTEGER NOT NULL, reading_pixels INTEGER NOT NULL,"
  "  folder TEXT AS (CASE WHEN deleted_us <> 0 THEN 'bin' WHEN archived THEN 'archived' ELSE 'active' END));"
  "CREATE INDEX threads_by_use ON threads (folder, last_used_us);"
  "CREATE INDEX threads_of_account ON threads (account_id, folder, last_used_us);"
  "CREATE INDEX threads_pinned ON threads (folder, last_used_us) WHERE pinned = 1;"
  "CREATE INDEX threads_pinned_of_account ON threads (account_id, folder, last_used_us) WHERE pinned = 1;"

  "CREATE TABLE thread_ids ("
  "  id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE, server_id TEXT NOT NULL,"
  "  since_us INTEGER NOT NULL);"
  "CREATE INDEX thread_ids_of_thread ON thread_ids (thread_id);"
  "CREATE INDEX thread_ids_by_server_id ON thread_ids (server_id);"

  "CREATE TABLE messages ("
  "  id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE, role TEXT NOT NULL,"
  "  delivery TEXT NOT NULL, server_id TEXT, created_us INTEGER NOT NULL, finished_us INTEGER NOT NULL, agent_id TEXT,"
  "  agent_name TEXT, model TEXT, stop_reason TEXT, failure_code TEXT, failure_certainty TEXT, failure_detail TEXT,"
  "  failure_http INTEGER, failure_close INTEGER, failure_retry_ms INTEGER, input_tokens INTEGER NOT NULL,"
  "  output_tokens INTEGER NOT NULL, total_tokens INTEGER NOT NULL, total_ms REAL NOT NULL, provider_ms REAL NOT NULL,"
  "  cost REAL NOT NULL, currency TEXT NOT NULL, unit_billed INTEGER NOT NULL, owner TEXT);"
  "CREATE INDEX messages_of_thread ON messages (thread_id);"
  "CREATE INDEX messages_queued ON messages (thread_id) WHERE delivery = 'queued';"
  "CREATE INDEX messages_owned ON messages (owner) WHERE owner IS NOT NULL;"

  "CREATE TABLE attachments ("
  "  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, content_type TEXT NOT NULL,"
  "  size INTEGER NOT NULL, holder TEXT);"
  "CREATE INDEX attachments_by_sha256 ON attachments (sha256);"
  "CREATE INDEX attachments_held ON attachments (holder) WHERE holder IS NOT NULL;"

  "CREATE TABLE blocks ("
  "  id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,"
  "  position INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, name TEXT, call_id TEXT,"
  "  attachment_id INTEGER REFERENCES attachments, attachment_name TEXT, started_us INTEGER NOT NULL,"
  "  finished_us INTEGER NOT NULL, text_bytes INTEGER NOT NULL, text TEXT NOT NULL, data TEXT, result TEXT,"
  "  body TEXT AS (nullif(CASE"
  "    WHEN kind IN ('text', 'thinking', 'code') THEN text"
  "    WHEN kind = 'tool-call' THEN ifnull(name, '') || char(10) || ifnull(data, '') || char(10) || ifnull(result, '')"
  "    WHEN kind = 'approval' THEN text || char(10) || ifnull(data, '')"
  "    WHEN kind IN ('image', 'file') THEN attachment_name END, '')));"
  "CREATE INDEX blocks_of_message ON blocks (message_id, position);"
  "CREATE INDEX blocks_by_attachment ON blocks (attachment_id) WHERE attachment_id IS NOT NULL;"
  "CREATE INDEX blocks_waiting ON blocks (message_id) WHERE kind = 'approval' AND state = 'open';"

  "CREATE TABLE block_chunks ("
  "  block_id INTEGER NOT NULL REFERENCES blocks ON DELETE CASCADE, start INTEGER NOT NULL, bytes INTEGER NOT NULL,"
  "  text TEXT NOT NULL, PRIMARY KEY (block_id, start)) WITHOUT ROWID;"

  "CREATE TABLE drafts ("
  "  thread_id INTEGER PRIMARY KEY REFERENCES threads ON DELETE CASCADE, text TEXT NOT NULL, cursor INTEGER NOT NULL);"
  "CREATE TABLE draft_attachments ("
  "  thread_id INTEGER NOT NULL REFERENCES drafts ON DELETE CASCADE, position INTEGER NOT NULL,"
  "  attachment_id INTEGER NOT NULL REFERENCES attachments, PRIMARY KEY (thread_id, position)) WITHOUT ROWID;"
  "CREATE INDEX draft_attachments_by_attachment ON draft_attachments (attachment_id);"

  /* Words for ranked search in most scripts; three-letter runs for parts of words, code and scripts without spaces. */
  "CREATE VIEW body_docs AS SELECT id, body FROM blocks WHERE body IS NOT NULL;"
  "CREATE VIRTUAL TABLE body_words USING fts5 (body, content='body_docs', content_rowid='id',"
  "  tokenize='unicode61 remove_diacritics 2');"
  "CREATE VIRTUAL TABLE body_grams USING fts5 (body, content='body_docs', content_rowid='id', columnsize=0,"
  "  tokenize='trigram');"
  "CREATE TRIGGER body_inserted AFTER INSERT ON blocks WHEN new.body IS NOT NULL BEGIN"
  "  INSERT INTO body_words (rowid, body) VALUES (new.id, new.body);"
  "  INSERT INTO body_grams (rowid, body) VALUES (new.id, new.body); END;"
  "CREATE TRIGGER body_deleted AFTER DELETE ON blocks WHEN old.body IS NOT NULL BEGIN"
  "  INSERT INTO body_words (body_words, rowid, body) VALUES ('delete', old.id, old.body);"
  "  INSERT INTO body_grams (body_grams, rowid, body) VALUES ('delete', old.id, old.body); END;"
  "CREATE TRIGGER body_updated AFTER UPDATE ON blocks WHEN old.body IS NOT new.body BEGIN"
  "  INSERT INTO body_words (body_words, rowid, body)"
  "   SELECT 'delete', old.id, old.body WHERE old.body IS NOT NULL;"
  "  INSERT INTO body_grams (body_grams, rowid, body)"
  "   SELECT 'delete', old.id, old.body WHERE old.body IS NOT NULL;"
  "  INSERT INTO body_words (rowid, body) SELECT new.id, new.body WHERE new.body IS NOT NULL;"
  "  INSERT INTO body_grams (rowid, body) SELECT new.id, new.body WHERE new.body IS NOT NULL; END;"

  "CREATE VIEW title_docs AS SELECT id, title FROM threads WHERE title IS NOT NULL;"
  "CREATE VIRTUAL TABLE title_words USING fts5 (title, content='title_docs', content_rowid='id',"
  "  tokenize='unicode61 remove_diacritics 2');"
  "CREATE VIRTUAL TABLE title_grams USING fts5 (title, content='title_docs', content_rowid='id', columnsize=0,"
  "  tokenize='trigram');"
  "CREATE TRIGGER title_inserted AFTER INSERT ON threads WHEN new.title IS NOT NULL BEGIN"
  "  INSERT INTO title_words (rowid, title) VALUES (new.id, new.title);"
  "  INSERT INTO title_grams (rowid, title) VALUES (new.id, new.title); END;"
  "CREATE TRIGGER title_deleted AFTER DELETE ON threads WHEN old.title IS NOT NULL BEGIN"
  "  INSERT INTO title_words (title_words, rowid, title) VALUES ('delete', old.id, old.title);"
  "  INSERT INTO title_grams (title_grams, rowid, title) VALUES ('delete', old.id, old.title); END;"
  "CREATE TRIGGER title_updated AFTER UPDATE OF title ON threads WHEN old.title IS NOT new.title BEGIN"
  "  INSERT INTO title_words (title_words, rowid, title)"
  "   SELECT 'delete', old.id, old.title WHERE old.title IS NOT NULL;"
  "  INSERT INTO title_grams (title_grams, rowid, title)"
  "   SELECT 'delete', old.id, old.title WHERE old.title IS NOT NULL;"
  "  INSERT INTO title_words (rowid, title) SELECT new.id, new.title WHERE new.title IS NOT NULL;"
  "  INSERT INTO title_grams (rowid, title) SELECT new.id, new.title WHERE new.title IS NOT NULL; END;",

  /* 2: versions of a prompt. Messages with the same version_of, the id of the first of them, are versions of each other, and one
   * at most is shown. The others, and what followed them, are hidden: by the id of the version that was left. */
  "ALTER TABLE messages ADD COLUMN version_of INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE messages ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;"
  "CREATE INDEX messages_shown ON messages (thread_id, hidden, id, role);"
  "CREATE INDEX messages_versions ON messages (version_of) WHERE version_of <> 0;"
  /* and the last message that was read */
  "ALTER TABLE threads ADD COLUMN read_message INTEGER NOT NULL DEFAULT 0;",

  /* 3: what is still to be done on servers, and which of their threads were deleted here for good: a list must not bring them back. */
  "CREATE TABLE remote_changes ("
  "  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE, thread_id INTEGER NOT NULL,"
  "  kind TEXT NOT NULL, server_id TEXT NOT NULL, title TEXT, due_us INTEGER NOT NULL);"
  "CREATE TABLE forgotten_threads ("
  "  account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE, server_id TEXT NOT NULL,"
  "  PRIMARY KEY (account_id, server_id)) WITHOUT ROWID;",

  /* 4: approvals the person gave for good. arguments: JSON in one form; NULL: any. */
  "CREATE TABLE approval_rules ("
  "  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE, agent_id TEXT,"
  "  tool TEXT NOT NULL, arguments TEXT, created_us INTEGER NOT NULL, n_uses INTEGER NOT NULL,"
  "  last_used_us INTEGER NOT NULL);"
  "CREATE INDEX approval_rules_of_account ON approval_rules (account_id);",

  /* 5: the index of folded text, with scripts without spaces, tables, charts and JSON in it; docs number its entries. What is
   * there already waits (part 0). Runs of three letters without their places take a third of the room; the text is looked at. */
  "DROP TRIGGER body_inserted; DROP TRIGGER body_deleted; DROP TRIGGER body_updated;"
  "DROP TRIGGER title_inserted; DROP TRIGGER title_deleted; DROP TRIGGER title_updated;"
  "DROP TABLE body_words; DROP TABLE body_grams; DROP TABLE title_words; DROP TABLE title_grams;"
  "DROP VIEW body_docs; DROP VIEW title_docs;"
  "ALTER TABLE blocks DROP COLUMN body;"

  "CREATE TABLE docs ("
  "  id INTEGER PRIMARY KEY, block_id INTEGER NOT NULL UNIQUE, message_id INTEGER NOT NULL, part INTEGER NOT NULL, plain TEXT);"
  "CREATE INDEX docs_waiting ON docs (id) WHERE part = 0;"
  "INSERT INTO docs (block_id, message_id, part) SELECT id, message_id, 0 FROM blocks ORDER BY id;"

  "CREATE VIEW body_docs AS"
  "  SELECT d.id, d.block_id, bobbin_words (ifnull (d.plain, b.text)) AS words, bobbin_grams (ifnull (d.plain, b.text)) AS grams"
  "  FROM docs d CROSS JOIN blocks b ON b.id = d.block_id WHERE d.part > 0;"
  "CREATE VIRTUAL TABLE body_words USING fts5 (words, content='body_docs', content_rowid='id', prefix='1 2',"
  "  tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co So Mc'\");"
  "CREATE VIRTUAL TABLE body_grams USING fts5 (grams, content='body_docs', content_rowid='id', columnsize=0, detail=none,"
  "  tokenize='trigram');"
  "CREATE TRIGGER body_inserted AFTER INSERT ON blocks BEGIN" BODY_ADDED "END;"
  "CREATE TRIGGER body_deleted AFTER DELETE ON blocks BEGIN" BODY_GONE "END;"
  "CREATE TRIGGER body_updated AFTER UPDATE ON blocks WHEN old.text IS NOT new.text OR old.data IS NOT new.data"
  "  OR old.result IS NOT new.result OR old.name IS NOT new.name OR old.attachment_name IS NOT new.attachment_name"
  "  OR old.kind IS NOT new.kind OR old.message_id IS NOT new.message_id BEGIN" BODY_GONE BODY_ADDED "END;"

  "CREATE VIEW title_docs AS"
  "  SELECT id, bobbin_words (title) AS words, bobbin_grams (title) AS grams FROM threads WHERE title IS NOT NULL;"
  "CREATE VIRTUAL TABLE title_words USING fts5 (words, content='title_docs', content_rowid='id', prefix='1 2',"
  "  tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co So Mc'\");"
  "CREATE VIRTUAL TABLE title_grams USING fts5 (grams, content='title_docs', content_rowid='id', columnsize=0, detail=none,"
  "  tokenize='trigram');"
  "INSERT INTO title_words (title_words) VALUES ('rebuild'); INSERT INTO title_grams (title_grams) VALUES ('rebuild');"
  "CREATE TRIGGER title_inserted AFTER INSERT ON threads WHEN new.title IS NOT NULL BEGIN" TITLE_ADDED "END;"
  "CREATE TRIGGER title_deleted AFTER DELETE ON threads WHEN old.title IS NOT NULL BEGIN" TITLE_GONE "END;"
  "CREATE TRIGGER title_updated AFTER UPDATE OF title ON threads WHEN old.title IS NOT new.title BEGIN"
  TITLE_GONE TITLE_ADDED "END;",

  /* 6: labels; what a server would not do; the bin by day. */
  "CREATE TABLE labels (id INTEGER PRIMARY KEY, name TEXT NOT NULL, color TEXT NOT NULL);"
  "CREATE TABLE thread_labels ("
  "  thread_id INTEGER NOT NULL REFERENCES threads ON DELETE CASCADE,"
  "  label_id INTEGER NOT NULL REFERENCES labels ON DELETE CASCADE, PRIMARY KEY (thread_id, label_id)) WITHOUT ROWID;"
  "CREATE INDEX thread_labels_of_label ON thread_labels (label_id);"
  "ALTER TABLE remote_changes ADD COLUMN failure TEXT;"
  "CREATE INDEX remote_changes_of_thread ON remote_changes (thread_id);"
  "CREATE INDEX threads_deleted ON threads (deleted_us) WHERE deleted_us <> 0;",
};

const char *const *
_bobbin_schema_get_steps (guint *ret_n_steps)
{
  *ret_n_steps = G_N_ELEMENTS (steps);

  return steps;
}

static gboolean
run_steps (BobbinStoreDb  *db,
           guint           from,
           GError        **error)
{
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version=%u; PRAGMA application_id=%d;", db->n_steps,
                                              BOBBIN_STORE_APPLICATION_ID);

  for (guint i = from; i < db->n_steps; i++)
    if (!_bobbin_db_script (db, db->steps[i], error))
      return FALSE;

  return _bobbin_db_script (db, version, error);
}

gboolean
_bobbin_schema_migrate (BobbinStoreDb  *db,
                        guint           from,
                        GError        **error)
{
  gint64 now;

  if (!_bobbin_db_begin (db, BOBBIN_STORE_DURABLE, error))
    return FALSE;
  /* Another process may have been faster while this one waited for the lock. */
  if (!_bobbin_db_get_int (db, bobbin_db_query (db, error, "PRAGMA user_version"), 0, &now, error) ||
      (now < (gint64) db->n_steps && !run_steps (db, MAX (from, (guint) now), error)))
    {
      _bobbin_db_rollback (db);
      return FALSE;
    }

  return _bobbin_db_commit (db, error);
}

gboolean
_bobbin_schema_each_index (BobbinStoreDb  *db,
                           const char     *command,
                           GError        **error)
{
  for (guint i = 0; _bobbin_schema_index_names[i] != NULL; i++)
    {
      const char *name = _bobbin_schema_index_names[i];
      g_autofree char *sql = g_strdup_printf ("INSERT INTO %s (%s) VALUES ('%s')", name, name, command);

      if (!_bobbin_db_script (db, sql, error))
        return FALSE;
    }

  return TRUE;
}

static int
copy_pages (sqlite3 *from,
            sqlite3 *to)
{
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", from, "main");
  int code;

  if (backup == NULL)
    return sqlite3_extended_errcode (to);

  while ((code = sqlite3_backup_step (backup, 1024)) == SQLITE_OK)
    ;
  sqlite3_backup_finish (backup);

  return code == SQLITE_DONE ? SQLITE_OK : code;
}

gboolean
_bobbin_schema_backup (BobbinStoreDb  *db,
                       const char     *path,
                       GError        **error)
{
  g_autofree char *unfinished = g_strconcat (path, ".unfinished", NULL);
  sqlite3 *to = NULL;
  int code;

  g_unlink (unfinished);
  code = sqlite3_open_v2 (unfinished, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (code == SQLITE_OK)
    code = copy_pages (db->handle, to);
  if (code != SQLITE_OK)
    _bobbin_db_set_error (to, code, error);
  sqlite3_close (to);
  if (code == SQLITE_OK && g_chmod (unfinished, 0600) == 0 && g_rename (unfinished, path) == 0)
    return TRUE;

  if (code == SQLITE_OK)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE, "The backup could not be written: %s", g_strerror (errno));
  g_unlink (unfinished);

  return FALSE;
}
