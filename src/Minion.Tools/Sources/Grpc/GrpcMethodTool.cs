using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Network;
using Minion.Tools.Sources.Http;

namespace Minion.Tools.Sources.Grpc;

/// <summary>A method of a gRPC service as a tool: one message there, one or a stream of them back.</summary>
internal sealed class GrpcMethodTool(string name, MethodDescriptor method, GrpcSettings settings, CallInvoker invoker, TenantSecrets secrets) : ITool
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private readonly Method<byte[], byte[]> _method = new(
        method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary, method.Service.FullName, method.Name, Bytes, Bytes);

    public ToolDescription Description { get; } = new()
    {
        Name = name,
        Version = "1.0",
        Category = "grpc",
        Description = $"Calls {method.Service.FullName}/{method.Name}{(method.IsServerStreaming ? $", which gives up to {settings.MaxMessages} messages" : "")}.",
        InputSchema = ProtoSchemas.Of(method.InputType),
        OutputSchema = method.IsServerStreaming
            ? """{"type":"object","properties":{"messages":{"type":"array"},"truncated":{"type":"boolean"}},"required":["messages","truncated"]}"""
            : """{"type":"object","properties":{"message":{}},"required":["message"]}""",
        Untrusted = true,
        Policy = new ToolPolicy(EffectOf(method, settings)) { Timeout = settings.Timeout, Retries = EffectOf(method, settings) == Effect.SideEffect ? 0 : 2, Concurrency = 16 },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        byte[] request;
        try
        {
            request = ProtoWriter.Write(method.InputType, call.Arguments);
        }
        catch (FormatException exception)
        {
            return new ToolFailure(Failure.Types.Kind.InvalidArguments, $"The arguments are no {method.InputType.Name}: {exception.Message}.", "Correct the arguments and call again.", Retryable: false);
        }

        try
        {
            var options = new CallOptions(Headers(), cancellationToken: cancellationToken);
            return method.IsServerStreaming ? await StreamAsync(request, options, cancellationToken) : await CallAsync(request, options);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return GrpcFailures.Of(exception, settings.Address!, call.Effect);
        }
        catch (InvalidProtocolBufferException)
        {
            return ToolOutcome.Failed($"The answer is no {method.OutputType.Name}.", "Do without this tool; its owner has to give the service's own descriptor.");
        }
        catch (ToolSourceException problem)
        {
            return ToolOutcome.Failed(problem.Message, "Do without this tool until it is set up.");
        }
    }

    private async Task<ToolOutcome> CallAsync(byte[] request, CallOptions options)
    {
        using var call = invoker.AsyncUnaryCall(_method, host: null, options, request);
        return Result(new JsonObject { ["message"] = ProtoReader.Read(method.OutputType, await call.ResponseAsync) });
    }

    private async Task<ToolOutcome> StreamAsync(byte[] request, CallOptions options, CancellationToken cancellationToken)
    {
        using var call = invoker.AsyncServerStreamingCall(_method, host: null, options, request);
        var messages = new JsonArray();
        var (bytes, more) = (0, false);
        while (!more && await call.ResponseStream.MoveNext(cancellationToken))
        {
            var message = call.ResponseStream.Current;
            bytes += message.Length;
            more = messages.Count == settings.MaxMessages || bytes > settings.MaxBytes;
            if (!more)
            {
                messages.Add(ProtoReader.Read(method.OutputType, message));
            }
        }

        return Result(new JsonObject { ["messages"] = messages, ["truncated"] = more });
    }

    private Metadata Headers()
    {
        using var carrier = new HttpRequestMessage(HttpMethod.Post, settings.Address);
        settings.Authentication?.Apply(carrier, secrets);
        var metadata = new Metadata();
        foreach (var header in carrier.Headers.NonValidated)
        {
            metadata.Add(header.Key.ToLowerInvariant(), header.Value.ToString());
        }

        foreach (var (key, value) in settings.Metadata)
        {
            metadata.Add(key.ToLowerInvariant(), secrets.Resolve(value));
        }

        return metadata;
    }

    private static ToolResult Result(JsonObject value) => new(JsonElement.Parse(value.ToJsonString()));

    private static Effect EffectOf(MethodDescriptor method, GrpcSettings settings) =>
        settings.ReadOnly.Any(pattern => GrpcDescriptors.Fits(pattern, method)) ? Effect.ReadOnly
        : method.GetOptions()?.IdempotencyLevel switch
        {
            MethodOptions.Types.IdempotencyLevel.NoSideEffects => Effect.ReadOnly,
            MethodOptions.Types.IdempotencyLevel.Idempotent => Effect.Idempotent,
            _ => Effect.SideEffect,
        };
}

/// <summary>What a model hears of a gRPC service's refusals.</summary>
internal static class GrpcFailures
{
    public static ToolFailure Of(RpcException exception, Uri address, Effect effect)
    {
        var refused = Inner(exception);
        if (refused is not null)
        {
            return HttpFailures.Of(new HttpRequestException("refused", refused), address);
        }

        var message = $"The service answered {exception.StatusCode}: {(exception.Status.Detail.Length <= 2000 ? exception.Status.Detail : exception.Status.Detail[..2000] + "…")}";
        return exception.StatusCode switch
        {
            StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Aborted or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled => effect == Effect.SideEffect
                ? new ToolFailure(Failure.Types.Kind.Failed, message, "It may have happened all the same: look before you call it again.", Retryable: false, Undecided: true)
                : ToolOutcome.FailedForNow(message, "Try again later."),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => ToolOutcome.Failed(message, "Do without it, or ask who runs the server for the right to it."),
            StatusCode.Unimplemented => ToolOutcome.Failed(message, "Do without this tool; the service does not have it."),
            _ => ToolOutcome.Failed(message, "Correct the arguments by what the service says."),
        };
    }

    private static AddressRefusedException? Inner(Exception? exception)
    {
        for (var i = 0; exception is not null && i < 8; i++, exception = exception is RpcException rpc ? rpc.Status.DebugException ?? rpc.InnerException : exception.InnerException)
        {
            if (exception is AddressRefusedException refused)
            {
                return refused;
            }
        }

        return null;
    }
}
