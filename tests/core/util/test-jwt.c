#include "config.h"
#include "util/bobbin-jwt.h"

#include <string.h>

static char *
token_of (const char *claims)
{
  g_autofree char *base64 = g_base64_encode ((const guchar *) claims, strlen (claims));

  g_strdelimit (base64, "+", '-');
  g_strdelimit (base64, "/", '_');
  for (char *end = base64 + strlen (base64); end > base64 && end[-1] == '='; end--)
    end[-1] = '\0';

  return g_strconcat ("eyJhbGciOiJIUzI1NiJ9.", base64, ".c2lnbmF0dXJl", NULL);
}

static void
test_expiry (void)
{
  static const struct { const char *claims; gint64 seconds; } rows[] = {
    { "{\"exp\":4100000000}", 4100000000 },
    { "{\"exp\":1735689600.5,\"sub\":\"a\"}", 1735689600 },
    { "{\"sub\":\"\xc3\xbf\xc3\xbe\x3f\x3f>>\",\"exp\":1735689600}", 1735689600 },
    { "{\"sub\":\"a\"}", 0 },
    { "{\"exp\":\"soon\"}", 0 },
    { "{\"exp\":-5}", 0 },
    { "{\"exp\":1e300}", 0 },
    { "[1]", 0 },
    { "not JSON", 0 },
    { "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *token = token_of (rows[i].claims);

      g_assert_cmpint (bobbin_jwt_get_expiry_us (token), ==, rows[i].seconds * G_USEC_PER_SEC);
    }
}

static void
test_no_token (void)
{
  static const char *const rows[] = { NULL, "", "sk-live-1234", "a.b", "..", "7d0f1c2e-4f57-4a0e-9a66-5e0f6f1d2a33", "a.!!!!.c", "\xff.\xff.\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (bobbin_jwt_get_expiry_us (rows[i]), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jwt/expiry", test_expiry);
  g_test_add_func ("/jwt/no-token", test_no_token);

  return g_test_run ();
}
