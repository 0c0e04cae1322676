/* The heads that the benchmarks parse: what a load generator, a browser and a gateway send. */
#ifndef HEADS_H
#define HEADS_H

#define SHORT_HEAD                                                                                 \
    "GET / HTTP/1.1\r\n"                                                                           \
    "Host: localhost:8000\r\n"                                                                     \
    "\r\n"

#define BROWSER_HEAD                                                                               \
    "GET /articles/2024/05/parsing-http?ref=front&page=2 HTTP/1.1\r\n"                             \
    "Host: www.example.com\r\n"                                                                    \
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0\r\n"       \
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n" \
    "Accept-Language: en-US,en;q=0.5\r\n"                                                          \
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"                                                 \
    "Referer: https://www.example.com/articles/2024/05/\r\n"                                       \
    "Connection: keep-alive\r\n"                                                                   \
    "Cookie: session=8f1c2a90b7d34e5f; theme=dark; _ga=GA1.2.1234567890.1716200000; consent=1\r\n" \
    "Upgrade-Insecure-Requests: 1\r\n"                                                             \
    "Sec-Fetch-Dest: document\r\n"                                                                 \
    "Sec-Fetch-Mode: navigate\r\n"                                                                 \
    "Sec-Fetch-Site: same-origin\r\n"                                                              \
    "Priority: u=0, i\r\n"                                                                         \
    "\r\n"

#define TEN(n)                                                                                     \
    "X-Header-" n "0: v\r\n"                                                                       \
    "X-Request-" n "1: 7b1c9e52-4f6d-4d0a-9d7e-0c9a6f3b2e11\r\n"                                   \
    "Forwarded-" n "2: for=192.0.2.60;proto=https;by=203.0.113.43\r\n"                             \
    "X-Trace-" n "3: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"                  \
    "Via-" n "4: 1.1 edge-17.example.net\r\n"                                                      \
    "X-Client-" n "5: 198.51.100.23\r\n"                                                           \
    "X-Flags-" n "6: a=1, b=2, c=3\r\n"                                                            \
    "X-Empty-" n "7:\r\n"                                                                          \
    "X-Region-" n "8: eu-central-1\r\n"                                                            \
    "X-Long-" n "9: the quick brown fox jumps over the lazy dog, and then does it all over again\r\n"

#define MANY_HEAD                                                                                  \
    "POST /api/v1/items/4711/comments HTTP/1.1\r\n" TEN("1") TEN("2") TEN("3") "\r\n"

static const struct {
    const char *name;
    const char *text;
    size_t len;
} heads[] = {
    {"short", SHORT_HEAD, sizeof(SHORT_HEAD) - 1},
    {"browser", BROWSER_HEAD, sizeof(BROWSER_HEAD) - 1},
    {"30-headers", MANY_HEAD, sizeof(MANY_HEAD) - 1},
};
#define HEAD_COUNT (sizeof(heads) / sizeof(heads[0]))

#endif
