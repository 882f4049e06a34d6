using Microsoft.Extensions.DependencyInjection;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Faults;

internal static class FaultServices
{
    /// <summary>Adds gRPC; the fault interceptor is outermost, so that nothing that is thrown gets past it.</summary>
    public static IServiceCollection AddFaults(this IServiceCollection services)
    {
        services.AddSingleton<FaultWriter>();
        services.AddSingleton<FaultInterceptor>();
        services.AddSingleton<CallerInterceptor>();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<FaultInterceptor>();
            grpc.Interceptors.Add<CallerInterceptor>();
        });
        return services;
    }
}
