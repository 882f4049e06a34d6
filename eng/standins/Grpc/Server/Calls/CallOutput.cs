using System.Globalization;
using Grpc.Core;
using Grpc.StandIn.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>What goes to the client: headers, messages, and at the end the status.</summary>
internal sealed partial class HttpContextServerCallContext
{
    private bool _clientTakesGzip;
    private bool _headersSent;
    private MessageWriter? _writer;

    /// <summary>The compression of the requests, as the client named it.</summary>
    public string? RequestEncoding { get; private set; }

    /// <summary>Writes a message; unless it is flushed it leaves together with what follows.</summary>
    public async ValueTask WriteAsync<T>(T message, Marshaller<T> marshaller, WriteOptions? options, bool flush, CancellationToken cancellationToken)
    {
        await StartAsync();
        var compress = _clientTakesGzip && Options.Gzip && (options?.Flags & WriteFlags.NoCompress) != WriteFlags.NoCompress;
        var output = Http.Response.BodyWriter;
        (_writer ??= new MessageWriter()).Write(message, marshaller, output, Options.MaxSend, compress ? Options.Level : null);
        if (flush)
        {
            await output.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Puts status and trailers where they belong: after the messages, or into the headers when there are none.</summary>
    public void WriteStatus()
    {
        var response = Http.Response;
        IHeaderDictionary target;
        if (response.HasStarted)
        {
            target = Http.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;
        }
        else
        {
            response.ContentType = WireNames.ContentType;
            target = response.Headers;
        }

        if (HasTrailers)
        {
            Append(ResponseTrailers, target);
        }

        var status = StatusCore;
        target[WireNames.Status] = status.StatusCode == StatusCode.OK ? "0" : ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
        {
            target[WireNames.Message] = PercentEncoding.Encode(status.Detail);
        }
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (_headersSent || Http.Response.HasStarted)
        {
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        }

        if (!TryEnterWrite())
        {
            throw new InvalidOperationException("Can't write the headers because the request is complete.");
        }

        try
        {
            _headersSent = true;
            Append(responseHeaders, Http.Response.Headers);
            await StartAsync();
            await Http.Response.BodyWriter.FlushAsync();
        }
        finally
        {
            ExitWrite();
        }
    }

    private static void Append(Metadata metadata, IHeaderDictionary target)
    {
        foreach (var entry in metadata)
        {
            // Append would leave out an empty value.
            target[entry.Key] = StringValues.Concat(target[entry.Key], BinaryValue.ValueOf(entry));
        }
    }

    private void BeginEncodings()
    {
        var headers = Http.Request.Headers;
        if (headers.TryGetValue(WireNames.Encoding, out var encoding) && encoding != WireNames.Identity)
        {
            RequestEncoding = encoding.ToString();
            if (RequestEncoding != WireNames.Gzip)
            {
                Http.Response.Headers[WireNames.AcceptEncoding] = WireNames.AcceptedEncodings;
                throw Errors.UnsupportedEncoding(RequestEncoding);
            }
        }

        if (Options.Gzip && headers.TryGetValue(WireNames.AcceptEncoding, out var accepted))
        {
            _clientTakesGzip = accepted.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(WireNames.Gzip);
        }
    }

    // Without a started response the status would land in the headers.
    private Task StartAsync()
    {
        var response = Http.Response;
        if (response.HasStarted)
        {
            return Task.CompletedTask;
        }

        response.ContentType = WireNames.ContentType;
        if (_clientTakesGzip)
        {
            response.Headers[WireNames.Encoding] = WireNames.Gzip;
        }

        return response.StartAsync();
    }
}
