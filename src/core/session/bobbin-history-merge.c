#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-history-merge.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-id.h"

#include <string.h>

#define MAX_TABLE (400 * 400) /* cells of one comparison by words */
#define STEP (1 << 12)        /* between two ids that were made up */

/* Words */

/* As they are compared: white space is one space, none at the ends. */
static char *
dup_words (BobbinMessage *message)
{
  g_autofree char *text = bobbin_message_dup_text (message);
  GString *words = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isspace (*p))
        g_string_append_c (words, *p);
      else if (words->len > 0 && words->str[words->len - 1] != ' ')
        g_string_append_c (words, ' ');
    }
  if (words->len > 0 && words->str[words->len - 1] == ' ')
    g_string_truncate (words, words->len - 1);

  return g_string_free (words, FALSE);
}

static gboolean
has_file (BobbinMessage *message)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    if (bobbin_block_get_attachment (bobbin_message_get_block (message, i)) != NULL)
      return TRUE;

  return FALSE;
}

/* A server may put the words of a file behind those of the message. */
static gboolean
is_same_words (BobbinMessage *local,
               const char    *local_words,
               BobbinMessage *remote,
               const char    *remote_words)
{
  if (bobbin_message_get_role (local) != bobbin_message_get_role (remote))
    return FALSE;
  if (g_str_equal (local_words, remote_words))
    return TRUE;

  return bobbin_message_get_role (local) == BOBBIN_ROLE_USER && has_file (local) && *local_words != '\0' &&
         g_str_has_prefix (remote_words, local_words);
}

/* Alignment */

typedef struct
{
  GPtrArray *local;
  GPtrArray *remote;
  GPtrArray *local_words;  /* of char *, as many */
  GPtrArray *remote_words;
  guint     *match;        /* of each local: the remote, or BOBBIN_MERGE_NONE */
} Align;

/* Row id → remote index + 1; 0 for an id that several messages have. */
static GHashTable *
index_rows (GPtrArray *messages)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      const char *id = bobbin_message_get_server_id (messages->pdata[i]);
      g_auto(GStrv) ids = id != NULL ? g_strsplit (id, BOBBIN_SERVER_ID_SEPARATOR, -1) : NULL;

      for (guint j = 0; ids != NULL && ids[j] != NULL; j++)
        if (*ids[j] != '\0' && !g_str_equal (ids[j], "0"))
          g_hash_table_insert (rows, g_strdup (ids[j]), GUINT_TO_POINTER (g_hash_table_contains (rows, ids[j]) ? 0 : i + 1));
    }

  return rows;
}

static void
match_ids (Align *align)
{
  g_autoptr(GHashTable) rows = index_rows (align->remote);
  guint last = 0; /* remotes below are behind us */

  for (guint i = 0; i < align->local->len; i++)
    {
      const char *id = bobbin_message_get_server_id (align->local->pdata[i]);
      g_auto(GStrv) ids = id != NULL ? g_strsplit (id, BOBBIN_SERVER_ID_SEPARATOR, -1) : NULL;

      for (guint j = 0; ids != NULL && ids[j] != NULL; j++)
        {
          guint found = GPOINTER_TO_UINT (g_hash_table_lookup (rows, ids[j]));

          if (found == 0 || found - 1 < last ||
              bobbin_message_get_role (align->local->pdata[i]) != bobbin_message_get_role (align->remote->pdata[found - 1]))
            continue;
          align->match[i] = found - 1;
          last = found;
          break;
        }
    }
}

static gboolean
is_same (Align *align,
         guint  i,
         guint  j)
{
  return is_same_words (align->local->pdata[i], align->local_words->pdata[i], align->remote->pdata[j], align->remote_words->pdata[j]);
}

/* The longest run of equal ones in order, between [local, local_end) and [remote, remote_end). */
static void
match_words (Align *align,
             guint  local,
             guint  local_end,
             guint  remote,
             guint  remote_end)
{
  guint n = local_end - local;
  guint m = remote_end - remote;
  g_autofree guint16 *table = NULL;

  /* Ends first: nearly always that is all. */
  while (n > 0 && m > 0 && is_same (align, local, remote))
    {
      align->match[local++] = remote++;
      n--;
      m--;
    }
  while (n > 0 && m > 0 && is_same (align, local + n - 1, remote + m - 1))
    {
      align->match[local + n - 1] = remote + m - 1;
      n--;
      m--;
    }
  if (n == 0 || m == 0 || (gsize) n * m > MAX_TABLE)
    return;

  table = g_new0 (guint16, (gsize) (n + 1) * (m + 1));
#define AT(i, j) table[(gsize) (i) * (m + 1) + (j)]
  for (guint i = n; i-- > 0;)
    for (guint j = m; j-- > 0;)
      AT (i, j) = is_same (align, local + i, remote + j) ? AT (i + 1, j + 1) + 1 : MAX (AT (i + 1, j), AT (i, j + 1));
  for (guint i = 0, j = 0; i < n && j < m;)
    {
      if (is_same (align, local + i, remote + j) && AT (i, j) == AT (i + 1, j + 1) + 1)
        {
          align->match[local + i++] = remote + j++;
        }
      else if (AT (i + 1, j) >= AT (i, j + 1))
        i++;
      else
        j++;
    }
#undef AT
}

/* Between messages that are known to be the same. */
static void
match_gaps (Align *align)
{
  guint local = 0;
  guint remote = 0;

  for (guint i = 0; i <= align->local->len; i++)
    {
      guint anchor = i < align->local->len ? align->match[i] : align->remote->len;

      if (i < align->local->len && anchor == BOBBIN_MERGE_NONE)
        continue;
      match_words (align, local, i, remote, anchor);
      local = i + 1;
      remote = anchor + 1;
    }
}

static gboolean
is_taken (Align *align,
          guint  remote)
{
  for (guint i = 0; i < align->local->len; i++)
    if (align->match[i] == remote)
      return TRUE;

  return FALSE;
}

/* Both are what followed the same prompt: the answer, cut here or changed there. */
static void
match_answers (Align *align)
{
  for (guint i = 1; i < align->local->len; i++)
    {
      guint remote = align->match[i - 1];

      if (align->match[i] != BOBBIN_MERGE_NONE || remote == BOBBIN_MERGE_NONE || remote + 1 >= align->remote->len ||
          bobbin_message_get_role (align->local->pdata[i - 1]) != BOBBIN_ROLE_USER ||
          bobbin_message_get_role (align->local->pdata[i]) != BOBBIN_ROLE_ASSISTANT ||
          bobbin_message_get_role (align->remote->pdata[remote + 1]) != BOBBIN_ROLE_ASSISTANT || is_taken (align, remote + 1))
        continue;
      align->match[i] = remote + 1;
    }
}

GArray *
bobbin_history_align (GPtrArray *local,
                      GPtrArray *remote)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (BobbinMergePair));
  g_autoptr(GPtrArray) local_words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) remote_words = g_ptr_array_new_with_free_func (g_free);
  g_autofree guint *match = g_new (guint, local->len + 1);
  Align align = { local, remote, local_words, remote_words, match };
  guint next = 0;

  for (guint i = 0; i < local->len; i++)
    {
      match[i] = BOBBIN_MERGE_NONE;
      g_ptr_array_add (local_words, dup_words (local->pdata[i]));
    }
  for (guint i = 0; i < remote->len; i++)
    g_ptr_array_add (remote_words, dup_words (remote->pdata[i]));

  match_ids (&align);
  match_gaps (&align);
  match_answers (&align);
  for (guint i = 0; i < local->len; i++)
    {
      BobbinMergePair pair = { i, match[i] };

      for (; match[i] != BOBBIN_MERGE_NONE && next < match[i]; next++)
        {
          BobbinMergePair fresh = { BOBBIN_MERGE_NONE, next };

          g_array_append_val (pairs, fresh);
        }
      g_array_append_val (pairs, pair);
      if (match[i] != BOBBIN_MERGE_NONE)
        next = match[i] + 1;
    }
  for (; next < remote->len; next++)
    {
      BobbinMergePair fresh = { BOBBIN_MERGE_NONE, next };

      g_array_append_val (pairs, fresh);
    }

  return pairs;
}

/* Taking over */

static gboolean
take_ids (BobbinMessage *local,
          BobbinMessage *remote)
{
  g_autofree char *before = g_strdup (bobbin_message_get_server_id (local));
  const char *id = bobbin_message_get_server_id (remote);
  g_auto(GStrv) ids = id != NULL ? g_strsplit (id, BOBBIN_SERVER_ID_SEPARATOR, -1) : NULL;

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    bobbin_message_add_server_id (local, ids[i]);

  return g_strcmp0 (before, bobbin_message_get_server_id (local)) != 0;
}

static BobbinBlock *
find_pause (BobbinMessage *message)
{
  for (guint i = bobbin_message_get_n_blocks (message); i-- > 0;)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);

      if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL && bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN &&
          g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_TEXT))
        return block;
    }

  return NULL;
}

static BobbinBlock *
copy_block (BobbinBlock *from)
{
  BobbinBlock *block = bobbin_block_new (0, bobbin_block_get_kind (from));

  bobbin_block_set_text (block, bobbin_block_get_text (from));
  bobbin_block_set_name (block, bobbin_block_get_name (from));
  bobbin_block_set_call_id (block, bobbin_block_get_call_id (from));
  bobbin_block_set_data (block, bobbin_block_get_data (from));
  bobbin_block_set_result (block, bobbin_block_get_result (from));
  bobbin_block_set_attachment (block, bobbin_block_get_attachment (from));
  bobbin_block_set_state (block, bobbin_block_get_state (from));

  return block;
}

/* A pause is answered by the next message, here or elsewhere; and one that was not known here waits here too. */
static gboolean
take_pause (BobbinMessage *local,
            BobbinMessage *remote)
{
  BobbinBlock *ours = find_pause (local);
  BobbinBlock *theirs = find_pause (remote);
  g_autoptr(BobbinBlock) copy = NULL;

  if (ours != NULL && theirs == NULL)
    {
      bobbin_block_set_state (ours, BOBBIN_BLOCK_EXPIRED);
      return TRUE;
    }
  if (ours == NULL && theirs != NULL)
    {
      for (guint i = 0; i < bobbin_message_get_n_blocks (local); i++)
        {
          BobbinBlock *block = bobbin_message_get_block (local, i);

          /* The person put it away. */
          if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL && bobbin_block_get_result (block) != NULL)
            return FALSE;
        }
      copy = copy_block (theirs);
      bobbin_message_add_block (local, copy);
      return TRUE;
    }

  return FALSE;
}

/* The server's blocks in place of ours. Files of ours stay. */
static void
take_blocks (BobbinMessage *local,
             BobbinMessage *remote)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean theirs_only_words = bobbin_message_get_role (local) == BOBBIN_ROLE_USER;

  for (guint i = 0; i < bobbin_message_get_n_blocks (local); i++)
    if (bobbin_block_get_attachment (bobbin_message_get_block (local, i)) != NULL)
      g_ptr_array_add (files, g_object_ref (bobbin_message_get_block (local, i)));

  bobbin_message_remove_blocks (local);
  for (guint i = 0; i < bobbin_message_get_n_blocks (remote); i++)
    {
      BobbinBlock *from = bobbin_message_get_block (remote, i);
      BobbinBlockKind kind = bobbin_block_get_kind (from);
      g_autoptr(BobbinBlock) block = NULL;

      if (files->len > 0 && theirs_only_words && (kind == BOBBIN_BLOCK_IMAGE || kind == BOBBIN_BLOCK_FILE))
        continue;
      block = copy_block (from);
      bobbin_message_add_block (local, block);
    }
  for (guint i = 0; i < files->len; i++)
    bobbin_message_add_block (local, files->pdata[i]);
}

static gboolean
take_facts (BobbinMessage *local,
            BobbinMessage *remote)
{
  gboolean changed = FALSE;

  if (bobbin_message_get_usage (local)->total_tokens < 0 && bobbin_message_get_usage (remote)->total_tokens >= 0)
    {
      bobbin_message_set_usage (local, bobbin_message_get_usage (remote));
      changed = TRUE;
    }
  if (bobbin_message_get_model (local) == NULL && bobbin_message_get_model (remote) != NULL)
    {
      bobbin_message_set_model (local, bobbin_message_get_model (remote));
      changed = TRUE;
    }

  return changed;
}

gboolean
bobbin_history_take (BobbinMessage *local,
                     BobbinMessage *remote)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (local);
  gboolean changed = take_ids (local, remote);
  g_autofree char *ours = dup_words (local);
  g_autofree char *theirs = dup_words (remote);

  changed |= take_facts (local, remote);
  if (delivery == BOBBIN_DELIVERY_STOPPED || (delivery == BOBBIN_DELIVERY_FAILED && bobbin_message_get_role (local) != BOBBIN_ROLE_USER))
    return changed; /* stopped or failed before the eyes of the person: that is how it ended here */

  if (delivery != BOBBIN_DELIVERY_COMPLETE)
    {
      /* It arrived, or was finished, without us. */
      if (bobbin_message_get_role (local) != BOBBIN_ROLE_USER)
        take_blocks (local, remote);
      bobbin_message_set_failure (local, NULL);
      bobbin_message_set_delivery (local, BOBBIN_DELIVERY_COMPLETE);
      return TRUE;
    }
  if (!is_same_words (local, ours, remote, theirs))
    {
      take_blocks (local, remote);
      return TRUE;
    }

  return take_pause (local, remote) || changed;
}

BobbinMessage *
bobbin_history_copy (BobbinMessage *remote,
                     gint64         id)
{
  BobbinMessage *message = bobbin_message_new (id, bobbin_message_get_role (remote), bobbin_message_get_created_us (remote));

  for (guint i = 0; i < bobbin_message_get_n_blocks (remote); i++)
    {
      g_autoptr(BobbinBlock) block = copy_block (bobbin_message_get_block (remote, i));

      bobbin_message_add_block (message, block);
    }
  bobbin_message_set_server_id (message, bobbin_message_get_server_id (remote));
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_message_set_finished_us (message, bobbin_message_get_finished_us (remote));
  bobbin_message_set_model (message, bobbin_message_get_model (remote));
  bobbin_message_set_agent_id (message, bobbin_message_get_agent_id (remote));
  bobbin_message_set_agent_name (message, bobbin_message_get_agent_name (remote));
  bobbin_message_set_stop_reason (message, bobbin_message_get_stop_reason (remote));
  bobbin_message_set_usage (message, bobbin_message_get_usage (remote));

  return message;
}

gint64
bobbin_history_place (gint64 before,
                      gint64 after,
                      gint64 created_us,
                      guint  n_left)
{
  /* a server may say any time, also one that no id holds */
  gint64 wanted = created_us > 0 ? MIN (created_us / 1000, G_MAXINT64 >> 20) << 20 : 0;
  gint64 step;

  /* At the end nothing may stand in the way of what is said next. */
  if (after == 0)
    after = MAX (bobbin_id_new (), before + n_left + 1);
  if (wanted > before && wanted <= after - n_left)
    return wanted;
  if (after - before <= n_left)
    return 0;

  /* Close to what follows: pages go back in time, and older ones need the room before. */
  step = MAX (MIN (STEP, (after - before) / (n_left + 1)), 1);

  return MAX (before + 1, after - step * n_left);
}
