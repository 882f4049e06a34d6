using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>What <c>AddGrpc</c> gives back.</summary>
public interface IGrpcServerBuilder
{
    IServiceCollection Services { get; }
}
