/* Nanoseconds per head, without Python: ours with each scanner, beside a shared library that exports
 * phr_parse_request (RIVAL names it; left out when it cannot be loaded).
 *
 *   bench                       rounds in turn, the minimum of each, as tab-separated lines
 *   bench PARSER HEAD COUNT     parse one head COUNT times, for an instruction counter to watch
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "heads.h"
#include "pyhttp.h"

#define ROOM 64
#define ROUNDS 400
#define PER_ROUND 1000

static const char *const scanners[] = {"scalar", "neon", "sse42", "avx2"};
#define SCANNER_COUNT (sizeof(scanners) / sizeof(scanners[0]))

typedef struct {
    const char *name;
    const char *scanner; /* NULL for the rival */
    pyhttp_parse_request_t parse;
} parser;

static size_t list_parsers(parser *out)
{
    size_t n = 0;
    const char *file = getenv("RIVAL") != NULL ? getenv("RIVAL") : "libh2o.so.0.13";
    void *library = dlopen(file, RTLD_NOW);
    void *symbol = library != NULL ? dlsym(library, "phr_parse_request") : NULL;
    if (symbol != NULL) {
        out[n].name = "rival";
        out[n].scanner = NULL;
        memcpy(&out[n++].parse, &symbol, sizeof(symbol)); /* the header struct is the same */
    }
    for (size_t i = 0; i < SCANNER_COUNT; i++) {
        if (pyhttp_use_scanner(scanners[i])) {
            parser p = {scanners[i], scanners[i], pyhttp_parse_request};
            out[n++] = p;
        }
    }
    return n;
}

static void parse_many(const parser *with, const char *text, size_t len, long count)
{
    pyhttp_header headers[ROOM];
    const char *method, *target;
    size_t method_len, target_len;
    int minor;
    if (with->scanner != NULL) {
        pyhttp_use_scanner(with->scanner);
    }
    for (long i = 0; i < count; i++) {
        size_t found = ROOM;
        int rc = with->parse(text, len, &method, &method_len, &target, &target_len, &minor, headers,
                             &found, 0);
        if (rc != (int)len) {
            fprintf(stderr, "%s: %d\n", with->name, rc);
            exit(1);
        }
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void compare(const parser *parsers, size_t n)
{
    for (size_t h = 0; h < HEAD_COUNT; h++) {
        double best[SCANNER_COUNT + 1];
        for (size_t i = 0; i < n; i++) {
            best[i] = 1e18;
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (size_t i = 0; i < n; i++) {
                double start = now();
                parse_many(&parsers[i], heads[h].text, heads[h].len, PER_ROUND);
                double each = (now() - start) / PER_ROUND;
                best[i] = each < best[i] ? each : best[i];
            }
        }
        for (size_t i = 0; i < n; i++) {
            printf("%s\t%s\t%zu\t%.2f\n", heads[h].name, parsers[i].name, heads[h].len, best[i]);
        }
    }
}

int main(int argc, char **argv)
{
    parser parsers[SCANNER_COUNT + 1];
    size_t n = list_parsers(parsers);
    if (argc == 1) {
        compare(parsers, n);
        return 0;
    }
    for (size_t i = 0; argc == 4 && i < n; i++) {
        for (size_t h = 0; h < HEAD_COUNT; h++) {
            if (strcmp(argv[1], parsers[i].name) == 0 && strcmp(argv[2], heads[h].name) == 0) {
                parse_many(&parsers[i], heads[h].text, heads[h].len, atol(argv[3]));
                return 0;
            }
        }
    }
    fprintf(stderr, "usage: bench [PARSER HEAD COUNT]\n");
    return 2;
}
