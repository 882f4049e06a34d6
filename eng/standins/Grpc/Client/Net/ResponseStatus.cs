using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.Net.Client;

/// <summary>Reads the status of a call from its HTTP response.</summary>
internal static class ResponseStatus
{
    /// <summary>The status when the headers alone decide it: an answer without messages, or one that is not gRPC. Null otherwise.</summary>
    public static (Status Status, Metadata Trailers, bool IsAnswer)? Of(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated;
        if (headers.TryGetValues(WireNames.Status, out var status))
        {
            return (StatusFrom(status.ToString(), headers), MetadataOf(headers), true);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var detail = $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}";
            return (new Status(StatusFor(response.StatusCode), detail), Metadata.Empty, false);
        }

        var contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var given) ? given.ToString() : null;
        return WireNames.IsGrpc(contentType)
            ? null
            : (new Status(StatusCode.Cancelled, $"Bad gRPC response. Invalid content-type value: {contentType ?? "none"}"), Metadata.Empty, false);
    }

    /// <summary>The status that stands after the last message.</summary>
    public static (Status Status, Metadata Trailers) FromTrailers(HttpResponseMessage response)
    {
        var trailers = response.TrailingHeaders.NonValidated;
        return trailers.TryGetValues(WireNames.Status, out var status)
            ? (StatusFrom(status.ToString(), trailers), trailers.Count == 1 ? Metadata.Empty : MetadataOf(trailers))
            : (new Status(StatusCode.Cancelled, "No grpc-status found on response."), Metadata.Empty);
    }

    public static string? EncodingOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(WireNames.Encoding, out var encoding) ? encoding.ToString() : null;

    public static Metadata MetadataOf(HttpHeadersNonValidated headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (IsReserved(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                BinaryValue.AddTo(metadata, name, value);
            }
        }

        return metadata;
    }

    private static bool IsReserved(string name) =>
        name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
        && (name.Equals(WireNames.Status, StringComparison.OrdinalIgnoreCase)
            || name.Equals(WireNames.Message, StringComparison.OrdinalIgnoreCase)
            || name.Equals(WireNames.Encoding, StringComparison.OrdinalIgnoreCase)
            || name.Equals(WireNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase));

    private static Status StatusFrom(string code, HttpHeadersNonValidated headers)
    {
        if (code == "0")
        {
            return Status.DefaultSuccess;
        }

        var detail = headers.TryGetValues(WireNames.Message, out var message) ? PercentEncoding.Decode(message.ToString()) : "";
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 16
            ? new Status((StatusCode)number, detail)
            : new Status(StatusCode.Unknown, $"Unexpected grpc-status value '{code}'. {detail}".TrimEnd());
    }

    // grpc/doc/http-grpc-status-mapping.md
    private static StatusCode StatusFor(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
