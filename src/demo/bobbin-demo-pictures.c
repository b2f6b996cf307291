#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-answers.h"

#include <gio/gio.h>
#include <string.h>

static guint32
crc32_of (const guint8 *data,
          gsize         length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320 : 0);
    }

  return crc ^ 0xffffffff;
}

static void
append_u32 (GByteArray *out,
            guint32     value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (out, (const guint8 *) &big, 4);
}

static void
append_chunk (GByteArray   *png,
              const char   *type,
              const guint8 *data,
              gsize         length)
{
  gsize start;

  append_u32 (png, (guint32) length);
  start = png->len;
  g_byte_array_append (png, (const guint8 *) type, 4);
  g_byte_array_append (png, data, (guint) length);
  append_u32 (png, crc32_of (png->data + start, png->len - start));
}

/* A sunset over the sea: each pixel from its place. */
static void
paint (guint8 *pixel,
       guint   x,
       guint   y,
       guint   width,
       guint   height)
{
  int dx = (int) x - (int) width / 2;
  int dy = (int) y - (int) height * 3 / 5;
  int radius = (int) height / 5;
  gboolean sea = y > height * 3 / 5;
  guint t = y * 255 / height;

  pixel[0] = (guint8) (sea ? 30 + t / 8 : 250 - t / 4);
  pixel[1] = (guint8) (sea ? 70 + t / 6 : 120 + t / 2);
  pixel[2] = (guint8) (sea ? 110 + t / 5 : 110 - t / 5);
  if (!sea && dx * dx + dy * dy < radius * radius)
    {
      pixel[0] = 255;
      pixel[1] = 225;
      pixel[2] = 120;
    }
  else if (sea && ABS (dx) < radius * 3 / 4 && ((y / 2) & 1) != 0)
    {
      pixel[0] = 240;
      pixel[1] = 190;
      pixel[2] = 120;
    }
}

static GBytes *
compress_rows (guint width,
               guint height)
{
  g_autoptr(GByteArray) rows = g_byte_array_new ();
  g_autoptr(GConverter) zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 6));
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new (memory, zlib);

  for (guint y = 0; y < height; y++)
    {
      guint8 pixel[3] = { 0 };

      g_byte_array_append (rows, pixel, 1); /* no filter */
      for (guint x = 0; x < width; x++)
        {
          paint (pixel, x, y, width, height);
          g_byte_array_append (rows, pixel, 3);
        }
    }
  g_output_stream_write_all (stream, rows->data, rows->len, NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

GBytes *
_bobbin_demo_picture_new (guint width,
                          guint height)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  GByteArray *png = g_byte_array_new ();
  g_autoptr(GByteArray) header = g_byte_array_new ();
  g_autoptr(GBytes) pixels = compress_rows (width, height);
  static const guint8 rgb[] = { 8, 2, 0, 0, 0 };

  append_u32 (header, width);
  append_u32 (header, height);
  g_byte_array_append (header, rgb, sizeof rgb);
  g_byte_array_append (png, signature, sizeof signature);
  append_chunk (png, "IHDR", header->data, header->len);
  append_chunk (png, "IDAT", g_bytes_get_data (pixels, NULL), g_bytes_get_size (pixels));
  append_chunk (png, "IEND", NULL, 0);

  return g_byte_array_free_to_bytes (png);
}
