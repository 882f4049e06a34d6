using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Minion.Bench.Echo;

/// <summary>The reference: the same bytes over the same HTTP/2, with nothing of gRPC.</summary>
internal static class BareEndpoints
{
    public const string Unary = "/bare/unary";
    public const string Stream = "/bare/stream";
    public const string CountHeader = "count";

    public static void MapBareEndpoints(this WebApplication app)
    {
        app.MapPost(Unary, (RequestDelegate)EchoAsync);
        app.MapPost(Stream, (RequestDelegate)RepeatAsync);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static async Task RepeatAsync(HttpContext context)
    {
        var frame = await ReadAsync(context);
        var count = int.Parse(context.Request.Headers[CountHeader]!, CultureInfo.InvariantCulture);
        for (var i = 0; i < count; i++)
        {
            await context.Response.BodyWriter.WriteAsync(frame);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync();
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
