"""Streaming out and in."""

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, ResponseStream, empty, json, text

app = Sanic("streaming")


@app.get("/two")
async def two(request):
    response = await request.respond(content_type="text/plain")
    await response.send("abc")
    await response.send("def")
    await response.eof()


@app.get("/no-eof")
async def no_eof(request):
    response = await request.respond(content_type="text/plain")
    await response.send("abc")


@app.get("/nothing")
async def nothing(request):
    await request.respond(content_type="text/plain")


@app.get("/eof-only")
async def eof_only(request):
    response = await request.respond()
    await response.eof()


@app.get("/end-first")
async def end_first(request):
    response = await request.respond(content_type="text/plain")
    await response.send("whole", True)


@app.get("/empty-sends")
async def empty_sends(request):
    response = await request.respond(content_type="text/plain")
    await response.send("")
    await response.send(b"")
    await response.send("a")
    await response.send("")


@app.get("/body-given")
async def body_given(request):
    response = await request.respond(text("given"))
    await response.send()


@app.get("/body-given-eof")
async def body_given_eof(request):
    response = await request.respond(text("given"))
    await response.eof()


@app.get("/body-given-send")
async def body_given_send(request):
    response = await request.respond(text("given"))
    await response.send("more")


@app.get("/length")
async def length(request):
    response = await request.respond(headers={"content-length": "6"})
    await response.send("abc")
    await response.send("def")


@app.get("/too-long")
async def too_long(request):
    response = await request.respond(headers={"content-length": "3"})
    await response.send("abc")
    await response.send("def")


@app.get("/too-short")
async def too_short(request):
    response = await request.respond(headers={"content-length": "6"})
    await response.send("abc")


@app.get("/status")
async def status(request):
    response = await request.respond(status=201, headers={"X-A": "b"}, content_type="x/y")
    await response.send("s")


@app.get("/no-content")
async def no_content(request):
    response = await request.respond(status=204)
    await response.eof()


@app.get("/context-manager")
async def context_manager(request):
    async with await request.respond(content_type="text/plain") as send:
        await send("a")
        await send(b"b")


@app.get("/twice")
async def twice(request):
    await request.respond()
    try:
        await request.respond()
    except Exception as error:
        app.ctx.seen = [type(error).__name__, str(error)]
    response = request.stream.response
    await response.send("x")


@app.get("/after-end")
async def after_end(request):
    response = await request.respond(content_type="text/plain")
    await response.send("a", end_stream=True)
    await response.send(end_stream=True)
    try:
        await response.send("b")
    except Exception as error:
        app.ctx.seen = [type(error).__name__, str(error)]


@app.get("/seen")
async def seen(request):
    return json(app.ctx.seen)


@app.get("/unattached")
async def unattached(request):
    try:
        await HTTPResponse("x").send()
    except Exception as error:
        return json([type(error).__name__, str(error)])


@app.get("/also-returns")
async def also_returns(request):
    response = await request.respond(content_type="text/plain")
    await response.send("sent")
    return text("dropped")


@app.get("/returns-it")
async def returns_it(request):
    response = await request.respond(content_type="text/plain")
    await response.send("sent")
    return response


@app.get("/reset")
async def reset(request):
    await request.respond(text("first"))
    request.reset_response()
    return text("second")


@app.get("/raises-before")
async def raises_before(request):
    await request.respond(text("first"))
    raise SanicException("before anything was sent", status_code=409)


@app.get("/raises-between")
async def raises_between(request):
    response = await request.respond(content_type="text/plain")
    await response.send("sent")
    raise SanicException("too late", status_code=409)


@app.get("/object")
async def response_stream(request):
    async def run(response):
        await response.write("a")
        await response.write("b")

    return ResponseStream(run, content_type="text/plain", headers={"x-s": "1"})


@app.get("/object-empty")
async def response_stream_empty(request):
    async def run(response):
        pass

    return ResponseStream(run)


@app.get("/object-eof")
async def response_stream_eof(request):
    async def run(response):
        await response.write("a")
        await response.eof()

    return ResponseStream(run)


@app.head("/two", name="two_head")
async def two_head(request):
    response = await request.respond(content_type="text/plain")
    await response.send("abc")
    await response.send("def")


@app.post("/echo", stream=True)
async def echo(request):
    response = await request.respond(content_type="text/plain")
    async for chunk in request.stream:
        await response.send(chunk.upper())


@app.post("/after-body", stream=True)
async def after_body(request):
    size = 0
    async for chunk in request.stream:
        size += len(chunk)
    return text(str(size))


@app.get("/bytes-kinds")
async def bytes_kinds(request):
    response = await request.respond(content_type="x/y")
    await response.send(b"bytes")
    await response.send("str é")


@app.get("/empty-returned")
async def empty_returned(request):
    return empty()


@app.get("/large")
async def large(request):
    response = await request.respond(content_type="x/y")
    for _ in range(5):
        await response.send(b"x" * 70_000)


@app.on_response
async def tell(request, response):
    response.headers["x-middleware"] = "seen"
