#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-image-header.h"

#include <string.h>

static guint32
get_be (const guint8 *data,
        guint         bytes)
{
  guint32 value = 0;

  for (guint i = 0; i < bytes; i++)
    value = value << 8 | data[i];

  return value;
}

static guint32
get_le (const guint8 *data,
        guint         bytes)
{
  guint32 value = 0;

  for (guint i = bytes; i > 0; i--)
    value = value << 8 | data[i - 1];

  return value;
}

/* One of the segments "start of frame", whatever is before it. */
static gboolean
read_jpeg (const guint8 *data,
           gsize         length,
           gint64       *ret_width,
           gint64       *ret_height)
{
  gsize at = 2;

  while (at + 9 <= length && data[at] == 0xff)
    {
      guint8 mark = data[at + 1];

      if (mark == 0xff)
        {
          at++;
          continue;
        }
      if (mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc)
        {
          *ret_height = get_be (data + at + 5, 2);
          *ret_width = get_be (data + at + 7, 2);
          return TRUE;
        }
      at += 2 + MAX (get_be (data + at + 2, 2), 2);
    }

  return FALSE;
}

static gboolean
read_webp (const guint8 *data,
           gsize         length,
           gint64       *ret_width,
           gint64       *ret_height)
{
  if (length < 30)
    return FALSE;

  if (memcmp (data + 12, "VP8X", 4) == 0)
    {
      *ret_width = get_le (data + 24, 3) + 1;
      *ret_height = get_le (data + 27, 3) + 1;
      return TRUE;
    }
  if (memcmp (data + 12, "VP8L", 4) == 0)
    {
      *ret_width = (get_le (data + 21, 4) & 0x3fff) + 1;
      *ret_height = (get_le (data + 21, 4) >> 14 & 0x3fff) + 1;
      return TRUE;
    }
  if (memcmp (data + 12, "VP8 ", 4) == 0)
    {
      *ret_width = get_le (data + 26, 2) & 0x3fff;
      *ret_height = get_le (data + 28, 2) & 0x3fff;
      return TRUE;
    }

  return FALSE;
}

gboolean
bobbin_image_header_read (GBytes *bytes,
                          gint64 *ret_width,
                          gint64 *ret_height)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (length >= 24 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    {
      *ret_width = get_be (data + 16, 4);
      *ret_height = get_be (data + 20, 4);
      return TRUE;
    }
  if (length >= 10 && memcmp (data, "GIF8", 4) == 0)
    {
      *ret_width = get_le (data + 6, 2);
      *ret_height = get_le (data + 8, 2);
      return TRUE;
    }
  if (length >= 4 && data[0] == 0xff && data[1] == 0xd8)
    return read_jpeg (data, length, ret_width, ret_height);
  if (length >= 16 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return read_webp (data, length, ret_width, ret_height);

  return FALSE;
}
