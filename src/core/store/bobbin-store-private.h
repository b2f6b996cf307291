/* What the files of this folder share: operations, the open database and small helpers around SQLite.
 *
 * An operation is described by a static BobbinStoreOpInfo and carries its arguments as plain data. The implementation runs
 * it on the store's thread, inside the transaction its mode asks for, and hands the result to the GTask on the main thread.
 * Everything named _bobbin_db_… and every run function is for the store's thread only. */
#pragma once

#include "store/bobbin-store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_STORE_READ,    /* one read transaction: all its queries see one state */
  BOBBIN_STORE_WRITE,   /* one transaction; survives a killed process, a power cut may take the last seconds */
  BOBBIN_STORE_DURABLE, /* one transaction, on the disk (fsync) before it is reported: what the person typed or sent */
  BOBBIN_STORE_RAW,     /* makes its own transactions */
  BOBBIN_STORE_OPEN,    /* opens the database */
} BobbinStoreMode;

typedef struct
{
  const char      *name;
  BobbinStoreMode  mode;
  /* (nullable) Runs first, on the thread for files, and must not touch the database. */
  gboolean       (*prepare) (const char *attachments_dir, gpointer args, GCancellable *cancellable, GError **error);
  gboolean       (*run)     (BobbinStoreDb *db, gpointer args, gpointer *ret_result, GError **error);
  GDestroyNotify   free_args;
  GDestroyNotify   free_result;
} BobbinStoreOpInfo;

struct _BobbinStoreOp
{
  const BobbinStoreOpInfo *info;
  gpointer                 args; /* owned */
};

void _bobbin_store_op_free (BobbinStoreOp *op);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinStoreOp, _bobbin_store_op_free)

/* Makes the task and hands both to the implementation. Takes @args. */
void _bobbin_store_submit (BobbinStore *self, gpointer source_tag, const BobbinStoreOpInfo *info, gpointer args,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The result of an operation, checked against @source_tag. */
gpointer _bobbin_store_take (BobbinStore *self, GAsyncResult *result, gpointer source_tag, GError **error);

#define BOBBIN_DB_BUSY_MS 5000

typedef enum
{
  BOBBIN_DB_SYNC_UNSET,
  BOBBIN_DB_SYNC_NORMAL,
  BOBBIN_DB_SYNC_FULL,
} BobbinDbSync;

struct _BobbinStoreDb
{
  /* owned */
  sqlite3      *handle;
  GHashTable   *statements;      /* of sqlite3_stmt by the address of their text, a static string */
  char         *path;            /* NULL in memory */
  char         *instances_dir;   /* NULL in memory */
  char         *instance;        /* the name of this process in "owner" and "holder" columns */
  int           instance_fd;     /* holds the lock; -1 in memory or read-only */
  gboolean      full;            /* a write found no space: the log is emptied before the next one */
  GPtrArray    *bulk_triggers;   /* while many operations share one transaction (bobbin-store-bulk.h) */
  /* borrowed */
  const char   *attachments_dir;
  GCancellable *cancellable;     /* of the operation that runs */
  gint64        deadline_us;     /* monotonic; 0 none: the operation that runs is interrupted then */
  gboolean      read_only;
  gboolean      unclean;         /* a process ended without closing since the last open */
  gboolean      rebooted;        /* or the machine went down under one */
  gboolean      checked;         /* the whole file was checked at this opening */
  const char *const *steps;      /* the migrations; a test may have others */
  guint         n_steps;
  BobbinDbSync  sync;
};

/* Values to bind, in order. Text is borrowed until the statement is reset. */
typedef enum { BOBBIN_DB_NULL, BOBBIN_DB_INT, BOBBIN_DB_REAL, BOBBIN_DB_TEXT } BobbinDbType;

typedef struct
{
  BobbinDbType  type;
  gint64        integer;
  double        real;
  const char   *text;
  gssize        length;
} BobbinDbValue;

#define DB_INT(v)      ((BobbinDbValue) { .type = BOBBIN_DB_INT, .integer = (v) })
#define DB_REAL(v)     ((BobbinDbValue) { .type = BOBBIN_DB_REAL, .real = (v) })
#define DB_TEXT(v)     ((BobbinDbValue) { .type = BOBBIN_DB_TEXT, .text = (v), .length = -1 }) /* NULL is SQL's NULL */
#define DB_BYTES(v, n) ((BobbinDbValue) { .type = BOBBIN_DB_TEXT, .text = (v), .length = (n) })

/* Prepares @sql (a static string) once, binds the values and returns the statement, or NULL with @error. */
#define bobbin_db_query(db, error, sql, ...) \
  _bobbin_db_query (db, sql, (const BobbinDbValue[]) { __VA_ARGS__ }, \
                    sizeof ((const BobbinDbValue[]) { __VA_ARGS__ }) / sizeof (BobbinDbValue), error)
/* The same, run to its end. */
#define bobbin_db_do(db, error, sql, ...) \
  _bobbin_db_finish (db, bobbin_db_query (db, error, sql, __VA_ARGS__), error)

sqlite3_stmt *_bobbin_db_query  (BobbinStoreDb *db, const char *sql, const BobbinDbValue *values, gsize n_values, GError **error);
/* 1: a row, 0: no more, -1: @error is set. The statement is reset after 0 and -1. A NULL statement is an error set before. */
int           _bobbin_db_step   (BobbinStoreDb *db, sqlite3_stmt *statement, GError **error);
gboolean      _bobbin_db_finish (BobbinStoreDb *db, sqlite3_stmt *statement, GError **error);
/* First column of the first row; @otherwise when there is no row or it is NULL. */
gboolean      _bobbin_db_get_int (BobbinStoreDb *db, sqlite3_stmt *statement, gint64 otherwise, gint64 *ret_value, GError **error);
/* Several statements that return nothing. */
gboolean      _bobbin_db_script (BobbinStoreDb *db, const char *sql, GError **error);
/* (nullable) always valid UTF-8 */
char         *_bobbin_db_dup_text (sqlite3_stmt *statement, int column) G_GNUC_WARN_UNUSED_RESULT;
void          _bobbin_db_set_error (sqlite3 *handle, int code, GError **error);
gboolean      _bobbin_db_is_damage (int code);

gboolean      _bobbin_db_begin    (BobbinStoreDb *db, BobbinStoreMode mode, GError **error);
gboolean      _bobbin_db_commit   (BobbinStoreDb *db, GError **error);
void          _bobbin_db_rollback (BobbinStoreDb *db);
/* Runs @info in the transaction its mode asks for. */
gboolean      _bobbin_db_execute  (BobbinStoreDb *db, const BobbinStoreOpInfo *info, gpointer args, GCancellable *cancellable,
                                   gpointer *ret_result, GError **error);

/* bobbin-store-open.c */
BobbinStoreDb     *_bobbin_db_new   (void) G_GNUC_WARN_UNUSED_RESULT;
BobbinStoreReport *_bobbin_db_open  (BobbinStoreDb *db, const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void               _bobbin_db_close (BobbinStoreDb *db);
void               _bobbin_db_free  (BobbinStoreDb *db);
/* Opens a connection with the settings every connection needs. */
int                _bobbin_db_connect (const char *path, int flags, sqlite3 **ret_handle);
void               _bobbin_db_drop_statements (BobbinStoreDb *db);

/* bobbin-store-schema.c */
#define BOBBIN_STORE_APPLICATION_ID 0x426f6262 /* "Bobb" */

const char *const *_bobbin_schema_get_steps (guint *ret_n_steps);
/* Brings the open database from @from to the last of its steps. Steps and version commit together. */
gboolean _bobbin_schema_migrate    (BobbinStoreDb *db, guint from, GError **error);
extern const char *const _bobbin_schema_index_names[]; /* the full-text tables, NULL at the end */
/* Gives each full-text table a command of FTS5: "rebuild", "optimize". */
gboolean _bobbin_schema_each_index (BobbinStoreDb *db, const char *command, GError **error);
/* A copy made by SQLite's backup, complete or absent. */
gboolean _bobbin_schema_backup     (BobbinStoreDb *db, const char *path, GError **error);

/* bobbin-store-instance.c: one lock file for each process that uses a profile */
typedef struct
{
  guint    n_alive;  /* hold their file */
  guint    n_gone;   /* left it behind; it is removed */
  gboolean rebooted; /* the machine went down since one of those began */
} BobbinInstanceSweep;

gboolean _bobbin_instance_lock     (const char *dir, char **ret_name, int *ret_fd, GError **error);
void     _bobbin_instance_unlock   (const char *dir, const char *name, int fd);
gboolean _bobbin_instance_is_alive (const char *dir, const char *name);
/* Removes lock files of processes that are gone. */
void     _bobbin_instance_sweep    (const char *dir, BobbinInstanceSweep *ret_sweep);

/* bobbin-store-recovery.c */
/* SQLITE_OK, the code of damage found, or what kept from looking. @whole: every page. */
int      _bobbin_recovery_check   (sqlite3 *handle, gboolean whole);
/* The same for what the pages do not tell: an index that names rows which are not there, which stops whoever reads by it. Slow. */
int      _bobbin_recovery_check_indexes (sqlite3 *handle);
/* Whether the full-text tables can be asked; they can be built anew from the text. */
gboolean _bobbin_recovery_index_answers (sqlite3 *handle);
/* A mark beside the database: an operation met damage, the next opening looks at every page. */
void     _bobbin_recovery_mark    (const char *path);
gboolean _bobbin_recovery_is_marked (const char *path);
void     _bobbin_recovery_unmark  (const char *path);
/* Puts the damaged file aside and writes what can be read of it to a new one. Fills @report. */
gboolean _bobbin_recovery_run     (const char *path, BobbinStoreReport *report, GError **error);
/* bobbin-store-graft.c: puts the start of the sound database @model over that of @path. @failed: the disk kept it from that. */
gboolean _bobbin_graft            (const char *path, const char *model, gboolean only_header, gboolean *failed);
/* bobbin-store-salvage.c: in how many tables of @from sound rows can be read. */
guint    _bobbin_salvage_score    (sqlite3 *from);
/* Copies what can be read of @from, row by row, into the fresh database @to. */
gboolean _bobbin_salvage          (sqlite3 *from, BobbinStoreDb *to, BobbinStoreReport *report, GError **error);

/* bobbin-store-text.c: any thread */
/* A base name fit for a list and for saving: no slash, control or bidirectional character, at most 120 characters. */
char *_bobbin_text_file_name (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* bobbin-store-threads.c: the columns that messages decide */
gboolean _bobbin_threads_refresh (BobbinStoreDb *db, gint64 thread_id, GError **error);
/* Puts the ids of @query into the table "picked", but for those of the JSON array @without. */
gboolean _bobbin_threads_pick    (BobbinStoreDb *db, const BobbinThreadQuery *query, const char *without, GError **error);
/* What deleting one for good takes, within a transaction; files go with _bobbin_attachments_collect(). */
gboolean _bobbin_threads_delete  (BobbinStoreDb *db, gint64 thread_id, GError **error);
extern const char *const _bobbin_threads_list_sql[4][2]; /* by folder and whether one account is asked for; for a test */

/* bobbin-store-change.c: puts those meant into the table "picked" */
gboolean _bobbin_change_pick     (BobbinStoreDb *db, const BobbinThreadPick *pick, GError **error);

/* bobbin-store-attachments.c */
/* Rows that lost a reference, held by @holder until they are collected. */
gboolean _bobbin_attachments_release_blocks (BobbinStoreDb *db, const char *sql, gint64 id, const char *holder, GError **error);
/* Deletes rows nobody refers to and nobody alive holds, then their files. Makes its own transactions. */
gboolean _bobbin_attachments_collect        (BobbinStoreDb *db, gboolean own, GError **error);
/* Removes files without a row, as a crash leaves them. */
gboolean _bobbin_attachments_sweep          (BobbinStoreDb *db, GError **error);

G_END_DECLS
