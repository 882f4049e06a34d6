namespace Grpc.StandIn.Tests;

/// <summary>The client against the server of the stand-in.</summary>
public sealed class ClientAndServerTests(ServerFixture server)
    : ClientSuite(server.Server.Address, server.GzipServer.Address), IClassFixture<ServerFixture>;

/// <summary>The client against the server of grpc-js.</summary>
public sealed class GrpcJsServerTests(NodeServerFixture server)
    : ClientSuite(server.Address, server.GzipAddress), IClassFixture<NodeServerFixture>;
