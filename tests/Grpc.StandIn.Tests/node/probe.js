'use strict';
// What both programs share: the service, and an end when the test that started them has ended.
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const root = path.join(__dirname, '..', 'protos');
const definition = loader.loadSync('standin/probe/v1/probe.proto', {
  includeDirs: [root],
  keepCase: true,
  longs: Number,
  defaults: true,
});

exports.grpc = grpc;
exports.ProbeService = grpc.loadPackageDefinition(definition).standin.probe.v1.ProbeService;

exports.endWithParent = () => {
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
  process.stdin.on('error', () => process.exit(0));
};
