using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.StandIn.Tests.Probe;

namespace Grpc.StandIn.Tests;

/// <summary>Behaves as <c>probe.proto</c> says.</summary>
public sealed class ProbeService(ProbeRecord record) : Probe.ProbeService.ProbeServiceBase
{
    public override async Task<ProbeResponse> Unary(ProbeRequest request, ServerCallContext context)
    {
        if (request.Ask.Length > 0)
        {
            return new ProbeResponse { Text = record.Notes.GetValueOrDefault(request.Ask, "") };
        }

        await EchoMetadataAsync(request, context);
        await WaitAsync(request, context);
        Fail(request, context);
        return Answer(request, 0);
    }

    public override async Task ServerStream(ProbeRequest request, IServerStreamWriter<ProbeResponse> responseStream, ServerCallContext context)
    {
        await EchoMetadataAsync(request, context);
        try
        {
            for (var i = 0; i < request.Count; i++)
            {
                await responseStream.WriteAsync(Answer(request, i));
                record.Notes[request.Probe] = $"written {i + 1}";
            }
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            record.Notes[request.Probe] = "cancelled";
            throw;
        }

        await WaitAsync(request, context);
        Fail(request, context);
    }

    public override async Task<ProbeResponse> ClientStream(IAsyncStreamReader<ProbeRequest> requestStream, ServerCallContext context)
    {
        var texts = new StringBuilder();
        var count = 0;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (count == 0)
            {
                await EchoMetadataAsync(request, context);
            }

            count++;
            texts.Append(request.Text);
            await WaitAsync(request, context);
            Fail(request, context);
            if (request.Stop)
            {
                break;
            }
        }

        return new ProbeResponse { Index = count, Text = texts.ToString() };
    }

    public override async Task Duplex(
        IAsyncStreamReader<ProbeRequest> requestStream, IServerStreamWriter<ProbeResponse> responseStream, ServerCallContext context)
    {
        var index = 0;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (index == 0)
            {
                await EchoMetadataAsync(request, context);
            }

            await WaitAsync(request, context);
            Fail(request, context);
            if (request.Stop)
            {
                return;
            }

            await responseStream.WriteAsync(Answer(request, index++));
        }
    }

    private static ProbeResponse Answer(ProbeRequest request, int index) => new()
    {
        Text = request.Text,
        Index = index,
        Payload = request.ResponseSize > 0 ? ByteString.CopyFrom(new byte[request.ResponseSize]) : request.Payload,
    };

    private static async Task EchoMetadataAsync(ProbeRequest request, ServerCallContext context)
    {
        if (!request.EchoMetadata)
        {
            return;
        }

        var headers = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            headers.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        await context.WriteResponseHeadersAsync(headers);
    }

    private static void Fail(ProbeRequest request, ServerCallContext context)
    {
        if (request.Crash)
        {
            throw new InvalidTimeZoneException("a secret of the server");
        }

        if (request.Fail != 0)
        {
            var trailers = new Metadata { { "grpc-status-details-bin", [1, 2, 3, 255] } };
            throw new RpcException(new Status((StatusCode)request.Fail, request.FailText), trailers);
        }
    }

    private async Task WaitAsync(ProbeRequest request, ServerCallContext context)
    {
        if (!request.Wait)
        {
            return;
        }

        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            record.Notes[request.Probe] = "cancelled";
            throw;
        }
    }
}

/// <summary>What happened in the server, for the tests to look at.</summary>
public sealed class ProbeRecord
{
    public ConcurrentDictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);
}
