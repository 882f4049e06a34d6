using Grpc.Core;
using Minion.Bench.Echo.V1;

namespace Minion.Bench.Echo;

internal sealed class EchoService : V1.EchoService.EchoServiceBase
{
    public override Task<Parcel> Unary(Parcel request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Stream(Parcel request, IServerStreamWriter<Parcel> responseStream, ServerCallContext context)
    {
        var parcel = new Parcel { Payload = request.Payload };
        for (var i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(parcel);
        }
    }
}
