/* What the cells of a column are, and the order they come in. */
#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-table-private.h"

#include <langinfo.h>
#include <math.h>
#include <string.h>

#define GUESS_ROWS 1000 /* cells looked at for what a column holds */
#define NUMBER_MAX 64   /* bytes: what is longer is no number */

/* Numbers */

static gboolean
is_sign_of_unit (gunichar c)
{
  return c == '%' || c == 0x2030 || c == 0xb0 || g_unichar_type (c) == G_UNICODE_CURRENCY_SYMBOL;
}

/* Space of any kind, and what people put between thousands. */
static gboolean
is_filler (gunichar c)
{
  return g_unichar_isspace (c) || c == 0xa0 || c == 0x202f || c == '\'' || c == 0x2019;
}

/* Digits and separators of @text in @out; FALSE when there is anything else but signs and one word of unit at an end. */
static gboolean
strip_number (const char *text,
              GString    *out)
{
  gboolean digits = FALSE;
  guint letters = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0x2212 || c == 0x2013)
        c = '-';
      if (g_unichar_isdigit (c))
        {
          /* "S3" is a name, "EUR 3" is money */
          if (letters > 0 && (digits || letters != 3 || !g_ascii_isspace (p[-1])))
            return FALSE;
          g_string_append_c (out, (char) ('0' + g_unichar_digit_value (c)));
          digits = TRUE;
          letters = 0;
        }
      else if ((c == '-' || c == '+') && !digits && out->len == 0)
        g_string_append_c (out, (char) c);
      else if (c == '.' || c == ',')
        g_string_append_c (out, (char) c);
      else if (c < 128 && g_ascii_isalpha ((char) c) && letters < 4)
        letters++;
      else if (!is_filler (c) && !is_sign_of_unit (c))
        return FALSE;
    }
  while (out->len > 0 && (out->str[out->len - 1] == '.' || out->str[out->len - 1] == ','))
    g_string_truncate (out, out->len - 1);

  return digits;
}

static guint
count (const char *text,
       char        c)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == c;

  return n;
}

/* (0: there is none): the character that separates the decimals. */
static char
find_decimal (const char *text,
              gboolean    comma_decimal)
{
  const char *dot = strrchr (text, '.');
  const char *comma = strrchr (text, ',');
  const char *only = dot != NULL ? dot : comma;

  if (dot != NULL && comma != NULL)
    return dot > comma ? '.' : ',';
  if (only == NULL || count (text, *only) > 1)
    return 0;
  /* one separator: with three digits behind it may be either */
  if (strlen (only + 1) == 3 && only - text <= 4 && text[0] != '0' && (*only == ',') != comma_decimal)
    return 0;

  return *only;
}

gboolean
bobbin_table_parse_number (const char *text,
                           gboolean    comma_decimal,
                           double     *ret_number)
{
  g_autoptr(GString) plain = g_string_new (NULL);
  g_autoptr(GString) number = g_string_new (NULL);
  char decimal;
  char *end = NULL;

  if (strlen (text) > NUMBER_MAX)
    return FALSE;
  *ret_number = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*ret_number) && g_ascii_isdigit (end[-1]) && !comma_decimal)
    return TRUE;
  if (!strip_number (text, plain))
    return FALSE;

  decimal = find_decimal (plain->str, comma_decimal);
  for (const char *p = plain->str; *p != '\0'; p++)
    if (*p == decimal && decimal != 0)
      g_string_append_c (number, '.');
    else if (*p != '.' && *p != ',')
      g_string_append_c (number, *p);
  if (count (number->str, '.') > 1)
    return FALSE;
  *ret_number = g_ascii_strtod (number->str, NULL);

  return TRUE;
}

/* Dates */

/* 1 to 12; 0: no month. English ones are known in every locale. */
static int
read_month (const char *word,
            gsize       length)
{
  static const char *const months[] = { "january", "february", "march", "april", "may", "june", "july", "august", "september",
                                        "october", "november", "december" };
  static const nl_item own[] = { MON_1, MON_2, MON_3, MON_4, MON_5, MON_6, MON_7, MON_8, MON_9, MON_10, MON_11, MON_12 };
  g_autofree char *folded = NULL;

  if (length < 3)
    return 0;
  folded = g_utf8_casefold (word, (gssize) length);
  for (int i = 0; i < 12; i++)
    {
      g_autofree char *name = g_utf8_make_valid (nl_langinfo (own[i]), -1);
      g_autofree char *own_folded = g_utf8_casefold (name, -1);

      if (g_str_has_prefix (months[i], folded) || g_str_has_prefix (own_folded, folded))
        return i + 1;
    }

  return 0;
}

typedef struct
{
  int  numbers[6];
  int  digits[6];
  int  n_numbers;
  int  month;        /* by name */
  int  month_at;     /* numbers before it */
  char separator;    /* between the first two numbers */
} DateParts;

static gboolean
split_date (const char *text,
            DateParts  *parts)
{
  while (*text != '\0')
    {
      if (g_ascii_isdigit (*text))
        {
          char *end = NULL;
          gint64 value = (gint64) g_ascii_strtoull (text, &end, 10);

          if (parts->n_numbers == 6 || end - text > 6)
            return parts->n_numbers >= 6;
          parts->digits[parts->n_numbers] = (int) (end - text);
          parts->numbers[parts->n_numbers++] = (int) value;
          if (parts->n_numbers == 1)
            parts->separator = *end;
          text = end;
        }
      else if (g_unichar_isalpha (g_utf8_get_char (text)))
        {
          const char *word = text;
          int month;

          while (g_unichar_isalpha (g_utf8_get_char (text)))
            text = g_utf8_next_char (text);
          month = read_month (word, (gsize) (text - word));
          if (month > 0 && parts->month == 0)
            {
              parts->month = month;
              parts->month_at = parts->n_numbers;
            }
          else if (text - word > 3 || parts->n_numbers == 0)
            return FALSE; /* "T", "Z", "th", "UTC" may stand there */
        }
      else if (strchr (" \t-/.:,+", *text) != NULL)
        text++;
      else
        return FALSE;
    }

  return TRUE;
}

static double
make_date (int    year,
           int    month,
           int    day,
           double seconds)
{
  if (month < 1 || month > 12 || day < 1 || day > 31)
    return NAN;

  return ((double) year * 12 + month - 1) * 31 * 86400 + (day - 1) * 86400.0 + seconds;
}

static double
seconds_from (const DateParts *parts,
              int              at)
{
  double seconds = 0;

  for (int i = at, unit = 3600; i < MIN (parts->n_numbers, at + 3); i++, unit /= 60)
    seconds += parts->numbers[i] * unit;

  return seconds;
}

gboolean
bobbin_table_parse_date (const char *text,
                         gboolean    month_first,
                         double     *ret_date)
{
  DateParts parts = { 0 };
  double date = NAN;
  const int *n = parts.numbers;

  if (strlen (text) > NUMBER_MAX || !split_date (text, &parts))
    return FALSE;

  if (parts.month > 0 && parts.n_numbers > 0)
    {
      gboolean year_only = parts.n_numbers == 1 && parts.digits[0] == 4;
      int day = year_only ? 1 : n[0];
      int year = year_only ? n[0] : parts.n_numbers > 1 && parts.digits[1] == 4 ? n[1] : 0;

      date = make_date (year, parts.month, day, seconds_from (&parts, 2));
    }
  else if (parts.n_numbers >= 3 && parts.digits[0] == 4)
    date = make_date (n[0], n[1], n[2], seconds_from (&parts, 3));
  else if (parts.n_numbers >= 3 && (parts.digits[2] == 4 || parts.digits[2] == 2) && strchr ("/.-", parts.separator) != NULL)
    {
      int year = parts.digits[2] == 2 ? n[2] + 2000 : n[2];
      gboolean american = parts.separator == '/' && (n[1] > 12 || (month_first && n[0] <= 12));

      date = american ? make_date (year, n[0], n[1], seconds_from (&parts, 3))
                      : make_date (year, n[1], n[0], seconds_from (&parts, 3));
    }
  if (isnan (date))
    return FALSE;
  *ret_date = date;

  return TRUE;
}

/* Columns */

static gboolean
has_comma_decimal (void)
{
  return *nl_langinfo (RADIXCHAR) == ',';
}

static gboolean
has_month_first (void)
{
  const char *format = nl_langinfo (D_FMT);

  return strncmp (format, "%m", 2) == 0 || strncmp (format, "%D", 2) == 0;
}

BobbinTableContent
_bobbin_table_guess (const BobbinTable *self,
                     guint              column)
{
  gboolean comma_decimal = has_comma_decimal ();
  gboolean month_first = has_month_first ();
  guint n_filled = 0;
  guint n_numbers = 0;
  guint n_dates = 0;

  for (guint row = 0; row < self->n_rows && n_filled < GUESS_ROWS; row++)
    {
      const char *text = _bobbin_table_cell (self, row, column)->text;
      double value;

      if (text == NULL || strcmp (text, "-") == 0 || strcmp (text, "–") == 0 || strcmp (text, "—") == 0)
        continue;
      n_filled++;
      n_numbers += bobbin_table_parse_number (text, comma_decimal, &value);
      n_dates += bobbin_table_parse_date (text, month_first, &value);
      if (n_numbers < n_filled && n_dates < n_filled)
        return BOBBIN_TABLE_TEXT;
    }
  if (n_filled == 0)
    return BOBBIN_TABLE_TEXT;
  if (n_dates == n_filled)
    return BOBBIN_TABLE_DATES;

  return n_numbers == n_filled ? BOBBIN_TABLE_NUMBERS : BOBBIN_TABLE_TEXT;
}

typedef struct
{
  char  *key;     /* (nullable) of text */
  double value;
  guint  row;
  guint8 empty;
} SortKey;

typedef struct
{
  gboolean text;
  int      sign;
} SortWay;

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const SortKey *one = a;
  const SortKey *two = b;
  const SortWay *way = user_data;
  int order = 0;

  if (one->empty != two->empty)
    return one->empty - two->empty;
  if (!one->empty && way->text)
    order = strcmp (one->key, two->key);
  else if (!one->empty)
    order = (one->value > two->value) - (one->value < two->value);
  if (order != 0)
    return way->sign * order;

  return (one->row > two->row) - (one->row < two->row);
}

static void
make_key (const BobbinTable  *self,
          guint               column,
          BobbinTableContent  content,
          SortKey            *key)
{
  const char *text = _bobbin_table_cell (self, key->row, column)->text;

  if (text == NULL)
    key->empty = TRUE;
  else if (content == BOBBIN_TABLE_NUMBERS)
    key->empty = !bobbin_table_parse_number (text, has_comma_decimal (), &key->value);
  else if (content == BOBBIN_TABLE_DATES)
    key->empty = !bobbin_table_parse_date (text, has_month_first (), &key->value);
  else
    {
      g_autofree char *folded = g_utf8_casefold (text, -1);

      key->key = g_utf8_collate_key (folded, -1);
    }
}

guint *
bobbin_table_sort (BobbinTable *self,
                   guint        column,
                   gboolean     descending)
{
  BobbinTableContent content = _bobbin_table_guess (self, column);
  SortWay way = { content == BOBBIN_TABLE_TEXT, descending ? -1 : 1 };
  SortKey *keys = g_new0 (SortKey, self->n_rows);
  guint *order = g_new (guint, self->n_rows);

  for (guint i = 0; i < self->n_rows; i++)
    {
      keys[i].row = i;
      make_key (self, column, content, &keys[i]);
    }
  g_qsort_with_data (keys, (int) self->n_rows, sizeof (SortKey), compare, &way);
  for (guint i = 0; i < self->n_rows; i++)
    {
      order[i] = keys[i].row;
      g_free (keys[i].key);
    }
  g_free (keys);

  return order;
}
