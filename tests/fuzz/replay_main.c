/* Runs a fuzz target over its corpus (or the files named), for compilers without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/str.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;

	if (f == NULL || fstat(fileno(f), &st) == -1) {
		perror(path);
		exit(1);
	}
	if (!S_ISREG(st.st_mode)) {
		fclose(f);
		return 0;
	}
	data = xcalloc((size_t)st.st_size + 1, 1);
	if (fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size) {
		perror(path);
		exit(1);
	}
	fclose(f);
	LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	free(data);
	return 1;
}

int
main(int argc, char **argv)
{
	struct buf path = { 0 };
	struct dirent *e;
	DIR *d;
	int i, n = 0;

	for (i = 1; i < argc; i++)
		n += run_file(argv[i]);
	if (argc == 1) {
		if ((d = opendir(CORPUS)) == NULL) {
			perror(CORPUS);
			return 1;
		}
		while ((e = readdir(d)) != NULL) {
			path.len = 0;
			buf_addf(&path, "%s/%s", CORPUS, e->d_name);
			n += run_file(path.s);
		}
		closedir(d);
		buf_free(&path);
	}
	printf("%d inputs\n", n);
	return n == 0;
}
