package folio

import (
	"context"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

const modifyAttempts = 5

// Modify reads a resource, lets change change it, and writes the fields that differ, bound to what was read. Where
// somebody else was first, it does so again, five times at most, all within one deadline. It returns what is now
// stored. Nothing is written where nothing differs; an error of change ends it.
//
//	account, err := folio.Modify(ctx, client, "accounts/acme", func(acme *foliov1.Account) error {
//		acme.Tags = append(acme.Tags, "new")
//		return nil
//	})
func Modify[Resource proto.Message](ctx context.Context, client *Client, name string,
	change func(Resource) error) (Resource, error) {
	var none Resource
	access, err := accessTo(none.ProtoReflect().Descriptor())
	if err != nil {
		return none, err
	}
	ctx, cancel := client.options.deadline(ctx)
	defer cancel()
	for attempt := 1; ; attempt++ {
		resource := none.ProtoReflect().New().Interface().(Resource)
		err := access.attempt(ctx, client, name, resource, func() error { return change(resource) })
		if err == nil {
			return resource, nil
		}
		failed := asError(err)
		late := failed.Code == codes.Aborted && failed.Reason == "ETAG_MISMATCH"
		if !late || attempt == modifyAttempts {
			return none, err
		}
	}
}

// access is how a type of resource is read and written.
type access struct {
	get, update    protoreflect.MethodDescriptor
	resource, mask protoreflect.FieldDescriptor // of the update's request
}

func accessTo(resource protoreflect.MessageDescriptor) (access, error) {
	services := resource.ParentFile().Services()
	for index := range services.Len() {
		methods := services.Get(index).Methods()
		found := access{get: methods.ByName("Get" + resource.Name()), update: methods.ByName("Update" + resource.Name())}
		if found.get == nil || found.update == nil {
			continue
		}
		fields := found.update.Input().Fields()
		found.mask = fields.ByName("update_mask")
		for index := range fields.Len() {
			if field := fields.Get(index); field.Message() == resource {
				found.resource = field
			}
		}
		if found.mask != nil && found.resource != nil {
			return found, nil
		}
	}
	return access{}, newError(codes.InvalidArgument, string(resource.FullName())+" cannot be read and updated.")
}

func (a access) attempt(ctx context.Context, client *Client, name string, resource proto.Message,
	change func() error) error {
	get, err := newMessage(a.get.Input())
	if err != nil {
		return err
	}
	get.Set(a.get.Input().Fields().ByName("name"), protoreflect.ValueOfString(name))
	if err := client.connection.Invoke(ctx, pathOf(a.get), get.Interface(), resource); err != nil {
		return err
	}
	before := proto.Clone(resource)
	if err := change(); err != nil {
		return err
	}
	mask := &fieldmaskpb.FieldMask{Paths: changes(before, resource)}
	if len(mask.Paths) == 0 {
		return nil
	}
	update, err := newMessage(a.update.Input())
	if err != nil {
		return err
	}
	update.Set(a.resource, protoreflect.ValueOfMessage(proto.Clone(resource).ProtoReflect()))
	update.Set(a.mask, protoreflect.ValueOfMessage(mask.ProtoReflect()))
	return client.connection.Invoke(ctx, pathOf(a.update), update.Interface(), resource)
}

// changes are the fields that differ, in the order of the contract.
func changes(before, after proto.Message) (paths []string) {
	fields := before.ProtoReflect().Descriptor().Fields()
	for index := range fields.Len() {
		field := fields.Get(index)
		same := before.ProtoReflect().Has(field) == after.ProtoReflect().Has(field) &&
			before.ProtoReflect().Get(field).Equal(after.ProtoReflect().Get(field))
		if !same {
			paths = append(paths, string(field.Name()))
		}
	}
	return paths
}

func newMessage(descriptor protoreflect.MessageDescriptor) (protoreflect.Message, error) {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
	if err != nil {
		return nil, newError(codes.Internal, err.Error())
	}
	return kind.New(), nil
}

func pathOf(method protoreflect.MethodDescriptor) string {
	return "/" + strings.Join([]string{string(method.Parent().FullName()), string(method.Name())}, "/")
}
