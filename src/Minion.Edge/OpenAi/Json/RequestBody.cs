using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Minion.Edge.OpenAi.Errors;

namespace Minion.Edge.OpenAi.Json;

/// <summary>Reads the body of a request: JSON, not too long, not too deep.</summary>
internal sealed class RequestBody(IOptions<EdgeOptions> options)
{
    private readonly EdgeOptions _options = options.Value;

    /// <exception cref="ApiErrorException">It is too long, or no JSON object.</exception>
    public async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > _options.MaxRequestBytes)
        {
            throw TooLong();
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = _options.MaxRequestBytes;
        }

        JsonDocument? document = null;
        try
        {
            document = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = _options.MaxDepth }, context.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw NoObject(document.RootElement.ValueKind.ToString());
        }
        catch (JsonException error)
        {
            throw new ApiErrorException(ApiError.Invalid(null, $"The body of the request is not JSON, or nested deeper than {_options.MaxDepth} levels: {Quoted.Short(error.Message)}"), error);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLong();
        }
        catch (BadHttpRequestException error)
        {
            throw new ApiErrorException(ApiError.Invalid(null, $"The request cannot be read: {error.Message}"), error);
        }
        catch (ApiErrorException)
        {
            document?.Dispose();
            throw;
        }
    }

    private static ApiErrorException NoObject(string kind) => new(ApiError.Invalid(null, $"The body of the request is to be a JSON object, not of the kind {kind}."));

    private ApiErrorException TooLong() => new(new ApiError(
        413, ApiError.InvalidRequest, "request_too_large", null,
        $"The request is longer than {_options.MaxRequestBytes} bytes. Shorten it, or raise Edge:MaxRequestBytes where the server runs."));
}
