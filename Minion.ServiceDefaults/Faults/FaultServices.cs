using Microsoft.Extensions.DependencyInjection;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Faults;

internal static class FaultServices
{
    private const int MostMessageBytes = 8 * 1024 * 1024;

    /// <summary>Adds gRPC; the fault interceptor is outermost, so that nothing that is thrown gets past it.</summary>
    public static IServiceCollection AddFaults(this IServiceCollection services)
    {
        services.AddSingleton<FaultWriter>();
        services.AddSingleton<FaultInterceptor>();
        services.AddSingleton<CallerInterceptor>();
        services.AddGrpc(grpc =>
        {
            // More than any field may have, so that what is too long is refused by name and not as a message.
            grpc.MaxReceiveMessageSize = MostMessageBytes;
            grpc.Interceptors.Add<FaultInterceptor>();
            grpc.Interceptors.Add<CallerInterceptor>();
        });
        return services;
    }
}
