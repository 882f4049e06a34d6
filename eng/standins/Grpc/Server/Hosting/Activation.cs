using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Makes the service or interceptor of one call: from the services when it is registered, else new, and then disposed after the call.</summary>
internal sealed class Activation<T>(Type type, object[] arguments)
    where T : class
{
    private readonly ObjectFactory _create = ActivatorUtilities.CreateFactory(type, [.. arguments.Select(argument => argument.GetType())]);

    public T Get(ServerCallContext call, out bool created)
    {
        var services = call.GetHttpContext().RequestServices;
        if (arguments.Length == 0 && services.GetService(type) is T registered)
        {
            created = false;
            return registered;
        }

        created = true;
        return (T)_create(services, arguments);
    }

    public static ValueTask ReleaseAsync(T instance, bool created)
    {
        if (!created)
        {
            return default;
        }

        switch (instance)
        {
            case IAsyncDisposable disposable:
                return disposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                return default;
            default:
                return default;
        }
    }
}
