    return { ...shown, url: fillPlaceholders(button.url, given, (name) => missing("button", name)) };
  }
  if (isPhoneButton(button)) return { ...shown, phone: button.phone_number };
