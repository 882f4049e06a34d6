using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Routing;
using Minion.ServiceDefaults.Drain;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Minion.ServiceDefaults.Health;

/// <summary>The gRPC health checking protocol: all services of a process are ready together, or none is.</summary>
internal sealed class GrpcHealthService(HealthMonitor monitor, Draining draining, EndpointDataSource endpoints, TimeProvider time)
    : Grpc.Health.V1.Health.HealthBase
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => Knows(request.Service)
        ? new HealthCheckResponse { Status = await StatusAsync(context.CancellationToken) }
        : throw new RpcException(new Status(StatusCode.NotFound, $"There is no service '{request.Service}' here."));

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? said = null;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            var status = Knows(request.Service) ? await StatusAsync(context.CancellationToken) : ServingStatus.ServiceUnknown;
            if (status != said)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                said = status;
            }

            if (draining.Started.IsCancellationRequested)
            {
                return;
            }

            await PauseAsync(context.CancellationToken);
        }
    }

    private async Task<ServingStatus> StatusAsync(CancellationToken cancellationToken) =>
        await monitor.IsReadyAsync(cancellationToken) ? ServingStatus.Serving : ServingStatus.NotServing;

    private bool Knows(string service) =>
        service.Length == 0 || endpoints.Endpoints.OfType<RouteEndpoint>().Any(endpoint =>
            endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith(service + "/", StringComparison.Ordinal) == true);

    /// <summary>Until the next look, or until the drain begins.</summary>
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, draining.Started);
        await Task.Delay(Interval, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
