using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.StandIn.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Handles the calls of one method; a subclass for each of the four kinds.</summary>
internal abstract class CallHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodOptions options, ILogger logger)
    where TRequest : class
    where TResponse : class
{
    private readonly string _displayName = method.FullName[1..];

    protected Method<TRequest, TResponse> Method => method;

    public async Task HandleAsync(HttpContext http)
    {
        if (!RequestCheck.IsCall(http))
        {
            return;
        }

        if (http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
        {
            activity.DisplayName = _displayName;
            activity.SetTag("grpc.method", method.FullName);
        }
        else
        {
            activity = null;
        }

        var call = new HttpContextServerCallContext(http, method, options);
        await using (call)
        {
            try
            {
                call.Begin();
                await RunAsync(call);
                End(call);
            }
            catch (Exception exception)
            {
                End(call, exception);
            }
        }

        activity?.SetTag("grpc.status_code", ((int)call.Status.StatusCode).ToString(CultureInfo.InvariantCulture));
    }

    protected abstract Task RunAsync(HttpContextServerCallContext call);

    protected async Task RespondAsync(HttpContextServerCallContext call, TResponse? response)
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        }

        // Not flushed: the message leaves together with its trailers.
        if (call.TryEnterWrite())
        {
            try
            {
                await call.WriteAsync(response, method.ResponseMarshaller, call.WriteOptions, flush: false, CancellationToken.None);
            }
            finally
            {
                call.ExitWrite();
            }
        }
    }

    private static void End(HttpContextServerCallContext call)
    {
        if (call.TryEnd() && !call.Http.RequestAborted.IsCancellationRequested)
        {
            call.WriteStatus();
        }
    }

    private void End(HttpContextServerCallContext call, Exception exception)
    {
        if (!call.TryEnd())
        {
            return;
        }

        if (call.Http.RequestAborted.IsCancellationRequested)
        {
            call.Status = new Status(StatusCode.Cancelled, "The client has cancelled the call.");
            return;
        }

        call.Status = StatusOf(exception);
        if (exception is RpcException { Trailers.Count: > 0 } rpc)
        {
            foreach (var entry in rpc.Trailers)
            {
                call.ResponseTrailers.Add(entry);
            }
        }

        call.WriteStatus();
    }

    private Status StatusOf(Exception exception)
    {
        if (exception is RpcException { Status: var status })
        {
            logger.CallFailed(_displayName, status.StatusCode, status.Detail);
            return status;
        }

        logger.CallThrew(exception, _displayName);
        return new Status(
            StatusCode.Unknown,
            options.DetailedErrors
                ? $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}"
                : "Exception was thrown by handler.",
            exception);
    }
}
