/* libFuzzer's entry: `fuzz --target=NAME [-libFuzzer's=options] [FOLDER]...` */
#include "config.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize   (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, size_t length);

static const FuzzTarget *target;

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  for (int i = 1; i < *argc; i++)
    if (g_str_has_prefix ((*argv)[i], "--target="))
      target = fuzz_target_find ((*argv)[i] + strlen ("--target="));
  if (target == NULL)
    {
      fprintf (stderr, "fuzz: --target=NAME is missing; there are:");
      for (guint i = 0; fuzz_targets[i].name != NULL; i++)
        fprintf (stderr, " %s", fuzz_targets[i].name);
      fprintf (stderr, "\n");
      exit (2);
    }
  fuzz_set_up ();

  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        length)
{
  target->run (data, length);

  return 0;
}
