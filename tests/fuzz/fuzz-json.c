/* JSON: the tree, the index with what is shown of it, the stream, the schema. */
#include "config.h"
#include "fuzz.h"

#include "model/bobbin-chart.h"
#include "model/bobbin-json-rows.h"
#include "model/bobbin-rule.h"
#include "model/bobbin-table.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json-index.h"
#include "util/bobbin-json-schema.h"
#include "util/bobbin-json-stream.h"
#include "util/bobbin-json.h"

#include <math.h>
#include <string.h>

/* What was read is written so that it is read as the same. */
void
fuzz_json (const guint8 *data,
           gsize         length)
{
  FuzzInput input;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonNode) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *same = NULL;
  g_autofree char *canonical = NULL;

  fuzz_read_input (&input, data, length);
  node = bobbin_json_parse (input.bytes != NULL ? input.bytes : "", (gssize) input.length, &error);
  if (node == NULL)
    {
      g_assert_true (error->domain == BOBBIN_ERROR);
      fuzz_check_valid (error->message);
      return;
    }
  text = bobbin_json_to_text (node, input.mode & 1);
  fuzz_check_valid (text);
  again = bobbin_json_parse (text, -1, &error);
  g_assert_no_error (error);
  same = bobbin_json_to_text (again, input.mode & 1);
  g_assert_cmpstr (same, ==, text);
  canonical = bobbin_rule_dup_canonical (node);
  fuzz_check_valid (canonical);
}

typedef struct
{
  const FuzzInput *input;
  gsize            at;
  gboolean         in_pieces;
} Source;

static gssize
read_source (gpointer  data,
             void     *buffer,
             gsize     length,
             GError  **error)
{
  Source *source = data;
  gsize to = source->input->length;
  gsize n;

  for (guint i = source->input->n_cuts; source->in_pieces && i-- > 0;)
    if (source->input->cuts[i] > source->at)
      to = source->input->cuts[i];
  n = MIN (length, to - source->at);
  if (n > 0)
    memcpy (buffer, source->input->bytes + source->at, n);
  source->at += n;

  return (gssize) n;
}

static gboolean
walk_stream (BobbinJsonStream *stream,
             GString          *out,
             guint             depth,
             guint             mode,
             GError          **error)
{
  char c = bobbin_json_stream_peek (stream, error);
  int more;

  if (c == 0)
    return FALSE;
  if ((c == '{' || c == '[') && depth < 4)
    {
      char *name = NULL;

      if (!bobbin_json_stream_enter (stream, error))
        return FALSE;
      g_string_append_c (out, c);
      while ((more = bobbin_json_stream_next (stream, &name, error)) > 0)
        {
          fuzz_check_valid (name);
          g_string_append_printf (out, "%s=", name != NULL ? name : "");
          g_clear_pointer (&name, g_free);
          if (!walk_stream (stream, out, depth + 1, mode, error))
            return FALSE;
        }
      return more == 0;
    }
  if (mode & 1)
    return bobbin_json_stream_skip (stream, error);
  {
    g_autoptr(JsonNode) node = bobbin_json_stream_take (stream, 1000, error);
    g_autofree char *text = node != NULL ? bobbin_json_to_text (node, FALSE) : NULL;

    g_string_append_printf (out, "%s ", text);
    return node != NULL;
  }
}

static char *
read_stream (const FuzzInput *input,
             gboolean         in_pieces)
{
  Source source = { input, 0, in_pieces };
  g_autoptr(BobbinJsonStream) stream = bobbin_json_stream_new (read_source, &source);
  g_autoptr(GError) error = NULL;
  GString *out = g_string_new (NULL);

  if (!walk_stream (stream, out, 0, input->mode, &error))
    {
      g_assert_true (error != NULL && error->domain == BOBBIN_ERROR);
      g_string_append_printf (out, "! %s", bobbin_error_code_nick ((BobbinErrorCode) error->code));
    }

  return g_string_free (out, FALSE);
}

void
fuzz_json_stream (const guint8 *data,
                  gsize         length)
{
  FuzzInput input;
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;

  fuzz_read_input (&input, data, length);
  whole = read_stream (&input, FALSE);
  pieces = read_stream (&input, TRUE);
  g_assert_cmpstr (pieces, ==, whole);
}

/* {"schema":…,"value":…} */
void
fuzz_json_schema (const guint8 *data,
                  gsize         length)
{
  FuzzInput input;
  g_autoptr(JsonObject) both = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *value;
  JsonObject *schema;

  fuzz_read_input (&input, data, length);
  both = bobbin_json_parse_object (input.bytes != NULL ? input.bytes : "", (gssize) input.length, NULL);
  if (both == NULL)
    return;
  schema = bobbin_json_get_object (both, "schema");
  value = bobbin_json_get_node (both, "value");
  if (schema == NULL || value == NULL)
    return;
  if (!bobbin_json_schema_check (schema, value, input.mode & 1, &error))
    {
      g_assert_true (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID));
      fuzz_check_valid (error->message);
    }
}

static void
check_table (BobbinTable *table)
{
  for (guint column = 0; column < MIN (bobbin_table_get_n_columns (table), 8); column++)
    {
      g_autofree guint *order = bobbin_table_sort (table, column, column & 1);
      g_autofree char *text = bobbin_table_to_text (table, column % 3, order);
      g_autofree gboolean *seen = g_new0 (gboolean, bobbin_table_get_n_rows (table) + 1);

      fuzz_check_valid (text);
      fuzz_check_valid (bobbin_table_get_name (table, column));
      (void) bobbin_table_get_align (table, column);
      for (guint row = 0; row < bobbin_table_get_n_rows (table); row++)
        {
          g_assert_cmpuint (order[row], <, bobbin_table_get_n_rows (table));
          g_assert_false (seen[order[row]]);
          seen[order[row]] = TRUE;
          fuzz_check_valid (bobbin_table_get_text (table, row, column));
        }
    }
}

static void
check_chart (BobbinChart *chart)
{
  g_autoptr(BobbinTable) table = bobbin_chart_to_table (chart);
  double min, max;
  BobbinTicks ticks;

  for (guint i = 0; i < bobbin_chart_get_n_series (chart); i++)
    {
      const BobbinSeries *series = bobbin_chart_get_series (chart, i);

      fuzz_check_valid (series->name);
      for (guint n = 0; n < series->n; n++)
        g_assert_false (isinf (series->ys[n]));
    }
  for (guint i = 0; i < MIN (bobbin_chart_get_n_labels (chart), 50); i++)
    fuzz_check_valid (bobbin_chart_get_label (chart, i));
  fuzz_check_valid (bobbin_chart_get_title (chart));
  check_table (table);
  if (!bobbin_chart_get_range (chart, &min, &max))
    return;
  g_assert_true (isfinite (min) && isfinite (max) && min <= max);
  for (guint n = 1; n < 12; n += 5)
    {
      g_autofree char *label = NULL;

      bobbin_chart_make_ticks (min, max, n, &ticks);
      g_assert_true (isfinite (ticks.first) && isfinite (ticks.step));
      g_assert_cmpuint (ticks.n, <, 1000);
      label = bobbin_chart_format (ticks.first, ticks.decimals);
      fuzz_check_valid (label);
    }
  if (bobbin_chart_get_x_range (chart, &min, &max))
    g_assert_true (isfinite (min) && isfinite (max) && min <= max);
}

static void
check_rows (BobbinJsonIndex *json)
{
  g_autoptr(BobbinJsonRows) rows = bobbin_json_rows_new (json);

  bobbin_json_rows_unfold_first (rows, 200);
  for (guint i = 0; i < MIN (bobbin_json_rows_get_n (rows), 400); i++)
    {
      g_autofree char *text = bobbin_json_rows_dup_text (rows, i, 60);

      fuzz_check_valid (text);
      g_assert_cmpuint (bobbin_json_rows_get_parent (rows, i), <=, i);
      if (bobbin_json_rows_can_unfold (rows, i))
        bobbin_json_rows_set_unfolded (rows, i, TRUE);
    }
  for (guint node = 0; node < bobbin_json_index_get_size (json); node += 7)
    {
      guint row = bobbin_json_rows_reveal (rows, node);

      g_assert_true (row == BOBBIN_JSON_NONE || bobbin_json_rows_get (rows, row)->node == node);
    }
  for (guint i = bobbin_json_rows_get_n (rows); i-- > 0;)
    if (i < bobbin_json_rows_get_n (rows) && bobbin_json_rows_get (rows, i)->unfolded)
      bobbin_json_rows_set_unfolded (rows, i, FALSE);
  g_assert_cmpuint (bobbin_json_rows_get_n (rows), >, 0);
}

static void
check_index (BobbinJsonIndex *json)
{
  for (guint node = 0; node < MIN (bobbin_json_index_get_size (json), 300); node++)
    {
      g_autofree char *name = bobbin_json_index_dup_name (json, node);
      g_autofree char *text = bobbin_json_index_dup_text (json, node, 100);
      g_autofree char *source = bobbin_json_index_dup_source (json, node);
      g_autofree char *path = bobbin_json_index_dup_path (json, node);
      g_autoptr(BobbinJsonIndex) part = bobbin_json_index_new (source, -1, NULL);
      guint n = 0;

      fuzz_check_valid (name);
      fuzz_check_valid (text);
      fuzz_check_valid (path);
      g_assert_nonnull (part);
      g_assert_cmpint (bobbin_json_index_get_type (part, 0), ==, bobbin_json_index_get_type (json, node));
      for (guint child = bobbin_json_index_get_first (json, node); child != BOBBIN_JSON_NONE; child = bobbin_json_index_get_next (json, child), n++)
        g_assert_cmpuint (bobbin_json_index_get_parent (json, child), ==, node);
      g_assert_cmpuint (n, ==, bobbin_json_index_get_count (json, node));
      (void) bobbin_json_index_get_double (json, node);
    }
}

/* Tables, charts and JSON as agents send them for display. */
void
fuzz_data (const guint8 *data,
           gsize         length)
{
  FuzzInput input;
  BobbinJsonProblem problem;
  g_autoptr(BobbinJsonIndex) json = NULL;
  g_autoptr(BobbinChart) chart = NULL;
  g_autoptr(BobbinTable) table = NULL;

  fuzz_read_input (&input, data, length);
  json = bobbin_json_index_new (input.bytes != NULL ? input.bytes : "", (gssize) input.length, &problem);
  if (json == NULL)
    {
      g_assert_cmpint (problem.mistake, !=, BOBBIN_JSON_FINE);
      g_assert_true (problem.line >= 1 && problem.column >= 1);
      return;
    }
  check_index (json);
  check_rows (json);
  chart = bobbin_chart_new_from_json (json);
  if (chart != NULL)
    check_chart (chart);
  table = bobbin_table_new_from_json (json);
  if (table != NULL)
    check_table (table);
}
